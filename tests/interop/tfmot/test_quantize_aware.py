import keras
import numpy as np
import pytest
from keras import layers

import tfcompress as tfc
from tfcompress.interop.tfmot.quantize_aware import quantize_aware


@pytest.fixture
def data(rng):
    x = rng.normal(size=(64, 4, 4, 2)).astype("float32")
    return x, x.mean(axis=(1, 2, 3), keepdims=False)[:, None]


@pytest.fixture
def model():
    return keras.Sequential(
        [
            keras.Input((4, 4, 2), name="x"),
            layers.Conv2D(3, 3, activation="relu", name="c"),
            layers.Flatten(),
            layers.Dense(1, name="d"),
        ]
    )


def test_a_trained_model_comes_back_in_quantized_kernels(shared, model, data):
    before = model.get_weights()
    int8 = quantize_aware(model, data, loss="mse", learning_rate=0.01, epochs=8, seed=1)
    kernels = [int8.get_layer(name).kernels["kernel"] for name in "cd"]
    assert [type(kernel) for kernel in kernels] == 2 * [tfc.kernels.Quantized]
    assert [kernel.per_channel for kernel in kernels] == [True, False]
    assert [kernel.quantize_inputs for kernel in kernels] == [8, 8]
    x, y = data
    assert np.mean((int8(x) - y) ** 2) < np.mean((model(x) - y) ** 2)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_what_tfmot_does_not_round_is_refused_in_a_line(shared):
    model = keras.Sequential([keras.Input((4, 2)), layers.Conv1D(2, 3, name="one")])
    data = np.zeros((4, 4, 2)), np.zeros((4, 2, 2))
    with pytest.raises(ValueError, match="Legacy Keras refuses it.*Layer one:"):
        quantize_aware(model, data, loss="mse")


def test_other_arguments_are_refused(model, data):
    with pytest.raises(TypeError, match="`loss` must be the name of a loss of Keras"):
        quantize_aware(model, data)
    with pytest.raises(ValueError, match="`epochs` must be a positive integer"):
        quantize_aware(model, data, loss="mse", epochs=0)
