import keras
import numpy as np
from keras import layers

from tfcompress.callbacks.channel_scores.norm import Norm
from tfcompress.surgery.groups import coupled_groups


def test_layers_that_are_added_count_together():
    inputs = keras.Input((2,))
    a, b = layers.Dense(2, name="a"), layers.Dense(2, name="b")
    outputs = layers.Dense(1)(layers.Add()([a(inputs), b(inputs)]))
    model = keras.Model(inputs, outputs)
    a.kernel.assign([[3.0, 0.0], [0.0, 1.0]])
    b.kernel.assign([[4.0, 0.0], [0.0, 0.0]])
    a.bias.assign([9.0, 9.0])  # no length of it

    group = coupled_groups(model)[0]

    np.testing.assert_allclose(Norm().scores(group), [5.0, 1.0])
