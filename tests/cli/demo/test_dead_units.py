import keras
import numpy as np

from tfcompress.cli.demo.dead_units import without_dead_units
from tfcompress.layers.drop_neuron_dense import DropNeuronDense


def chain(layer=keras.layers.Dense):
    model = keras.Sequential(
        [
            keras.Input((2, 2)),
            keras.layers.Flatten(),
            layer(5, "relu"),
            layer(3, "tanh"),
            keras.layers.Dense(2),
        ]
    )
    for variable in model.weights:
        variable.assign(keras.random.normal(variable.shape, seed=1))
    return model


def widths(model):
    return [layer.units for layer in model.layers if hasattr(layer, "units")]


def same_outputs(model, small, rng):
    x = rng.normal(size=(7, 2, 2)).astype("float32")
    np.testing.assert_allclose(small(x), model(x), atol=1e-6)
    return True


def test_units_without_input_or_output_go_and_the_outputs_stay(rng):
    model = chain(DropNeuronDense)
    first, second, last = (np.array(layer.kernel) for layer in model.layers[1:])
    first[:, [0, 3]] = 0  # a constant, relu of the bias
    second[4] = 0  # feeds nothing
    last[1] = 0
    for layer, kernel in zip(model.layers[1:], (first, second, last), strict=True):
        layer.kernel.assign(kernel)

    small = without_dead_units(model)

    assert widths(small) == [2, 2, 2]
    assert same_outputs(model, small, rng)
    assert type(small.layers[1]) is keras.layers.Dense


def test_nothing_dead_nothing_gone(rng):
    model = chain()
    small = without_dead_units(model)
    assert widths(small) == [5, 3, 2]
    assert same_outputs(model, small, rng)


def test_layer_keeps_one_unit_when_all_are_dead(rng):
    model = chain()
    model.layers[2].kernel.assign(np.zeros((5, 3)))
    small = without_dead_units(model)
    assert widths(small) == [1, 1, 2]
    assert same_outputs(model, small, rng)
