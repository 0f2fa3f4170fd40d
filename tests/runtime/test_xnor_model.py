import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.kernels.quantized import Quantized
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.runtime.xnor_model import XnorModel

SIGNS = {"binarize_inputs": "clipped"}


def test_it_predicts_what_the_model_predicts(rng):
    model = keras.Sequential(
        [
            keras.Input((5, 4)),
            layers.Flatten(),
            BinaryDense(70),
            layers.BatchNormalization(),
            BinaryDense(65, **SIGNS, activation="tanh"),
            layers.BatchNormalization(scale=False),
            layers.Dropout(0.5),
            BinaryDense(64, **SIGNS, scale="channel", input_scale=True),
            layers.ReLU(),
            layers.Dense(3, "softmax"),
        ]
    )
    for variable in model.weights:
        if "seed" not in variable.path:
            variable.assign(variable + rng.uniform(0, 0.3, variable.shape))
    x = rng.normal(size=(6, 5, 4)).astype("float32")
    np.testing.assert_allclose(XnorModel(model).predict(x), model(x), atol=1e-4)


def test_outputs_are_scaled_by_weights_and_inputs(rng):
    binary = BinaryDense(2, **SIGNS, scale="channel", input_scale=True, use_bias=False)
    first = layers.Dense(2, use_bias=False)
    model = keras.Sequential([keras.Input((2,)), first, binary])
    first.kernel.assign(np.eye(2))
    binary.kernels["kernel"].latent.assign([[0.5, 0.2], [0.3, -0.4]])
    # Signs 1, -1 times 1, 1 and 1, -1; scales 0.4 and 0.3; a mean size of 3.
    y = XnorModel(model).predict([[2.0, -4.0]])
    np.testing.assert_allclose(y, [[0, 2 * 0.3 * 3]], atol=1e-6)


def test_other_layers_are_refused():
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 2)])
    with pytest.raises(ValueError, match="`model` must have dense layers.*Conv2D"):
        XnorModel(model)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (layers.ReLU(threshold=0.5), "must have dense layers.*ReLU"),
        (layers.ReLU(negative_slope=0.5), "must have dense layers.*ReLU"),
        (layers.BatchNormalization(axis=1), "must normalize the last axis"),
    ],
)
def test_what_is_computed_otherwise_is_refused(layer, message):
    model = keras.Sequential([keras.Input((3, 3)), BinaryDense(3), layer])
    model.add(BinaryDense(2, **SIGNS))
    with pytest.raises(ValueError, match=message):
        XnorModel(model)


def test_rounded_inputs_of_another_kernel_are_rounded(rng):
    kernel = Quantized(bits=4, quantize_inputs=2)
    first = CompressedDense(8, kernel=kernel)
    model = keras.Sequential([keras.Input((4,)), first, BinaryDense(5, **SIGNS)])
    x = rng.normal(size=(6, 4)).astype("float32")
    model(x, training=True)
    assert np.abs(np.asarray(first(x)) - x @ np.asarray(first.kernel)).max() > 0.1
    np.testing.assert_allclose(XnorModel(model).predict(x), model(x), atol=1e-4)


def test_a_model_without_binary_inputs_is_refused():
    model = keras.Sequential([keras.Input((4,)), BinaryDense(2)])
    with pytest.raises(ValueError, match="`model` must have a BinaryDense layer with"):
        XnorModel(model)


def test_inputs_of_another_rank_are_refused():
    hidden = layers.Dense(4)
    model = keras.Sequential([keras.Input((4,)), hidden, BinaryDense(2, **SIGNS)])
    with pytest.raises(ValueError, match=r"`x` must have shape \(None, 4\)"):
        XnorModel(model).predict(np.zeros(4))


def test_a_network_in_its_first_stage_is_refused():
    first = layers.Dense(4)
    binary = BinaryDense(2, **SIGNS, two_stage=True)
    model = keras.Sequential([keras.Input((4,)), first, binary])
    with pytest.raises(ValueError, match="`model` must be hardened"):
        XnorModel(model)
