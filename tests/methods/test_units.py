import keras
import numpy as np

from tfcompress.methods.units import Units


def test_the_units_with_the_largest_weights_stay():
    model = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(4, use_bias=False, name="a"),
            keras.layers.Dense(1, use_bias=False),
        ]
    )
    model.set_weights([np.array([[1.0, 9.0, 8.0, 2.0]]), np.ones((4, 1))])
    small = Units().compress(model, {"a": 0.5})
    assert small.get_layer("a").kernel.numpy().tolist() == [[9.0, 8.0]]


def test_of_layers_that_are_added_the_first_is_named():
    x = keras.Input((3,))
    a = keras.layers.Dense(4, name="a")(x)
    b = keras.layers.Dense(4, name="b")(a)
    model = keras.Model(x, keras.layers.Dense(2, name="c")(keras.layers.add([a, b])))
    assert Units().layers(model) == ["a"]
