import keras
import numpy as np

from tfcompress.surgery.cut import Cut
from tfcompress.surgery.dead import Life
from tfcompress.surgery.follow import follow
from tfcompress.surgery.part import Part
from tfcompress.surgery.sizes import Sizes


def test_the_new_layer_has_the_shape_of_what_stays():
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(1)]
    )
    cut = Cut(Life(follow(model), 0.0), np.array([True, False, True, True]))
    first, last = (Sizes(Part(layer), cut) for layer in model.layers)
    assert first("kernel") == (2, 2)
    assert last("kernel") == (2, 1)
    assert first.layer().get_config() == {**model.layers[0].get_config(), "units": 2}
