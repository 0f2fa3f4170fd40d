"""What LiteRT and its converter do wrongly, which this package therefore never tries.

A test that fails here is good news: a new version does it right. Lift the rule then, in
`combinations.py` or where the test says, so that models get the smaller file. That the
converter crashes at int8 of a loop is tried in `test_tflite.py`.
"""

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.converter import convert
from tfcompress.export.few_bits import silence
from tfcompress.export.serving import expanded, serving_function, write_saved_model
from tfcompress.export.signature import Signature
from tfcompress.runtime.tflite_model import TFLiteModel

MENDED = "this works now: lift the rule in tfcompress/export/combinations.py"


@pytest.fixture
def saved(tmp_path):
    """Writes the SavedModel of a model."""

    def save(model):
        function = serving_function(model, Signature.of(model), weights=expanded)
        write_saved_model(function, tmp_path / "saved")
        return tmp_path / "saved"

    return save


def dense(rng, block):
    """A network of 90 % zeros in blocks of `block` inputs."""
    model = keras.Sequential(
        [keras.Input((64,), name="x"), layers.Dense(64, "relu"), layers.Dense(16)]
    )
    for layer in model.layers:
        blocks = rng.random((64 // block, layer.units)) >= 0.9
        kernel = layer.kernel.numpy() * np.repeat(blocks, block, axis=0)
        layer.kernel.assign(kernel)
    return model


def convolution():
    model = [keras.Input((8, 8, 4), name="x"), layers.Conv2D(16, 3), layers.Flatten()]
    return keras.Sequential(model)


def few_bits(source, path, operation, *, bits, granularity):
    """Quantizes the weights of an operation, as `few_bits.py` does for dense layers."""
    from ai_edge_quantizer import qtyping, quantizer

    tool = quantizer.Quantizer(str(source))
    tool.add_dynamic_config(
        regex=".*",
        operation_name=qtyping.TFLOperationName[operation],
        num_bits=bits,
        granularity=qtyping.QuantGranularity[granularity],
    )
    with silence():
        path.write_bytes(tool.quantize().quantized_model)


def error(path, model, x):
    """Relative error of a file that loads and runs; infinite if it gives NaN."""
    right = keras.ops.convert_to_numpy(model(x))
    got = TFLiteModel(path).predict(x)
    if not np.isfinite(got).all():
        return np.inf
    return np.linalg.norm(got - right) / np.linalg.norm(right)


@pytest.mark.parametrize(
    ("quantize", "block"), [("dynamic", 1), ("dynamic", 4), ("int8", 1), ("int8", 4)]
)
def test_scattered_zeros_left_out_of_eight_bits_do_not_load(
    tmp_path, rng, saved, quantize, block
):
    model, path = dense(rng, block), tmp_path / "m.tflite"
    samples = {"x": rng.random((20, 64), "float32")}
    convert(saved(model), path, quantize=quantize, sparse=True, samples=samples)
    with pytest.raises(ValueError, match="that LiteRT can run"):
        TFLiteModel(path)


def test_two_of_four_left_out_of_eight_bits_do_not_load(tmp_path, rng, saved):
    model, path = dense(rng, 1), tmp_path / "m.tflite"
    for layer in model.layers:
        kernel = rng.normal(size=(16, 4, layer.units))
        kernel[:, 2:] = 0  # of each four inputs
        layer.kernel.assign(kernel.reshape(64, layer.units))
    samples = {"x": rng.random((20, 64), "float32")}
    convert(saved(model), path, quantize="int8", sparse=True, samples=samples)
    with pytest.raises(ValueError, match="that LiteRT can run"):
        TFLiteModel(path)


@pytest.mark.parametrize("block", [8, 16])
def test_long_blocks_left_out_of_dynamic_eight_bits_give_wrong_numbers(
    tmp_path, rng, saved, block
):
    model, path = dense(rng, block), tmp_path / "m.tflite"
    convert(saved(model), path, quantize="dynamic", sparse=True)
    assert error(path, model, rng.random((8, 64), "float32")) > 0.25, MENDED


def test_blocks_of_4_left_out_of_float16_give_nan(tmp_path, rng, saved):
    model, path = dense(rng, 4), tmp_path / "m.tflite"
    convert(saved(model), path, quantize="float16", sparse=True)
    assert error(path, model, rng.random((8, 64), "float32")) == np.inf, MENDED


def test_convolutions_of_two_bits_give_wrong_numbers(tmp_path, rng, saved):
    model = convolution()
    kernel = rng.choice([-1.0, 0, 1], model.layers[0].kernel.shape)
    model.layers[0].kernel.assign(kernel)  # which two bits could carry exactly
    convert(saved(model), tmp_path / "whole.tflite")
    path = tmp_path / "m.tflite"
    options = {"bits": 2, "granularity": "CHANNELWISE"}
    few_bits(tmp_path / "whole.tflite", path, "CONV_2D", **options)
    x = rng.random((4, 8, 8, 4), "float32")
    assert error(path, model, x) > 0.25, MENDED


def test_blocks_of_two_bits_do_not_load(tmp_path, rng, saved):
    model = keras.Sequential([keras.Input((64,), name="x"), layers.Dense(16)])
    convert(saved(model), tmp_path / "whole.tflite")
    path = tmp_path / "m.tflite"
    options = {"bits": 2, "granularity": "BLOCKWISE_32"}
    few_bits(tmp_path / "whole.tflite", path, "FULLY_CONNECTED", **options)
    with pytest.raises(ValueError, match="that LiteRT can run"):
        TFLiteModel(path)


@pytest.mark.parametrize("layer", [layers.LSTM, layers.GRU, layers.SimpleRNN])
def test_loops_over_any_number_of_examples_cannot_be_converted(tmp_path, saved, layer):
    model = keras.Sequential([keras.Input((3, 2), name="x"), layer(4)])
    # `Preparation.conversion` takes one example at a time instead.
    with pytest.raises(Exception, match="TensorList"):
        convert(saved(model), tmp_path / "m.tflite")


def test_half_precision_cannot_be_converted(tmp_path, saved):
    x = keras.Input((4,), name="x")
    model = keras.Model(x, layers.Dense(8, dtype="mixed_float16")(x))
    # `float32_clone` computes in float32 instead.
    with pytest.raises(Exception, match="f16"):
        convert(saved(model), tmp_path / "m.tflite")


def test_what_keras_quantized_cannot_be_converted(tmp_path, saved):
    x = keras.Input((4,), name="x")
    dense = layers.Dense(8)
    model = keras.Model(x, dense(x))
    dense.quantize("int8")
    # `float32_clone` refuses it.
    with pytest.raises(Exception, match="tfl.fully_connected"):
        convert(saved(model), tmp_path / "m.tflite")
