"""Layers that stay as small in the file as the few values that they store."""

import math

import keras
import numpy as np
import pytest

from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.clustered import Clustered
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_conv2d import HashedConv2D
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.hashed_embedding import HashedEmbedding
from tfcompress.layers.hashed_lstm import HashedLSTM
from tfcompress.runtime.tflite_model import TFLiteModel


def _model(shape, *layers, dtype="float32"):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *layers])


# Bytes for the operations that compute one weight, and their names, which grow with
# the number of layers that were made before in the process.
OVERHEAD = 11_500


def layer_bytes(layer):
    """Bytes of the layer's full weights in float32."""
    return sum(4 * math.prod(kernel.shape) for kernel in layer.kernels.values())


@pytest.mark.parametrize("block", [1, 16])
def test_file_is_as_small_as_the_stored_values(block, tmp_path):
    layer = HashedDense(256, ratio=1 / 16, block_size=block, seed=3)
    model = _model((512,), layer)
    whole = to_tflite(model, tmp_path / "whole.tflite")
    small = to_tflite(model, tmp_path / "small.tflite", compact=True)
    values = 4 * (512 * 256 // 16 + 256)
    assert whole.bytes > 4 * 512 * 256
    assert small.bytes < values + OVERHEAD
    assert small.max_error < 1e-5


@pytest.mark.parametrize(
    ("shape", "layer", "dtype"),
    [
        ((9, 9, 16), HashedConv2D(128, 3, ratio=1 / 8, seed=1), "float32"),
        ((6,), HashedEmbedding(2000, 64, ratio=1 / 8, seed=1), "int32"),
        ((4, 64), HashedLSTM(64, ratio=1 / 8, seed=1), "float32"),
    ],
    ids=["Conv2D", "Embedding", "LSTM"],
)
def test_every_hashed_layer_stays_small(shape, layer, dtype, tmp_path):
    model = _model(shape, layer, dtype=dtype)
    small = to_tflite(model, tmp_path / "small.tflite", compact=True)
    expected = 4 * model.count_params() + OVERHEAD * len(layer.kernels)
    assert small.bytes < expected < 0.7 * layer_bytes(layer)
    assert small.max_error < 1e-5


@pytest.mark.parametrize(
    ("codebook", "to_a_byte"), [(2, 8), (5, 3), (16, 2), (17, 1), (256, 1)]
)
def test_clustered_weights_are_stored_as_packed_indices(codebook, to_a_byte, tmp_path):
    layer = CompressedDense(250, kernel=Clustered(codebook=codebook))
    model = _model((303,), layer)  # 3 and 8 do not divide the number of weights
    small = to_tflite(model, tmp_path / "small.tflite", compact=True)
    indices = 303 * 250 / to_a_byte
    assert indices < small.bytes < indices + 4 * (codebook + 250) + OVERHEAD
    assert small.max_error < 1e-5


def test_zeros_of_clustered_weights_are_exact_in_the_file(tmp_path, rng):
    pruned = rng.normal(size=(64, 64)) * (rng.random((64, 64)) < 0.1)
    layer = CompressedDense(64, kernel=Clustered(codebook=4))
    model = _model((64,), layer)
    layer.kernels["kernel"].encode(pruned)
    file = TFLiteModel(to_tflite(model, tmp_path / "m.tflite", compact=True).path)
    rows = file.predict(np.eye(64, dtype="float32"))
    np.testing.assert_array_equal(rows, layer.kernels["kernel"].full())


@pytest.mark.parametrize("bias", [False, True])
def test_relu_after_the_product_stays(bias, tmp_path):
    # A bias of zeros is as none to the converter.
    layer = HashedDense(8, "relu", ratio=1 / 8, seed=0, use_bias=bias)
    model = _model((64,), layer)
    file = TFLiteModel(to_tflite(model, tmp_path / "m.tflite", compact=True).path)
    x = np.random.default_rng(0).normal(size=(4, 64)).astype("float32")
    outputs = file.predict(x)
    assert (outputs == 0).any()
    np.testing.assert_allclose(outputs, model(x), atol=1e-5)


def test_values_may_be_float16(tmp_path):
    model = _model((512,), HashedDense(256, ratio=1 / 16, seed=3))
    full = to_tflite(model, tmp_path / "full.tflite", compact=True)
    half = to_tflite(model, tmp_path / "half.tflite", compact=True, quantize="float16")
    assert half.bytes < 0.65 * full.bytes


def test_inputs_that_are_not_finite_do_not_move_the_positions(tmp_path):
    model = _model((4,), HashedDense(8, ratio=1 / 2, block_size=1, seed=3))
    file = TFLiteModel(to_tflite(model, tmp_path / "m.tflite", compact=True).path)
    for value in (np.nan, np.inf, -np.inf, -0.0):
        file.predict(np.full((1, 4), value, "float32"))
    x = np.ones((1, 4), "float32")
    np.testing.assert_allclose(file.predict(x), model(x), atol=1e-6)


@pytest.mark.parametrize("quantize", ["dynamic", "int8", "int4", "int2"])
def test_quantized_files_cannot_be_compact(quantize, tmp_path):
    model = _model((4,), HashedDense(8, ratio=1 / 2))
    with pytest.raises(ValueError, match=f"`compact` must not be.*{quantize}"):
        to_tflite(model, tmp_path / "m.tflite", compact=True, quantize=quantize)


def test_compact_must_be_a_boolean(tmp_path):
    model = _model((4,), HashedDense(8, ratio=1 / 2))
    with pytest.raises(TypeError, match="`compact` must be True or False"):
        to_tflite(model, tmp_path / "m.tflite", compact=1)
