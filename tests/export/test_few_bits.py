import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.few_bits import block_size, quantize_dense_layers
from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.mark.parametrize(("bits", "values"), [(2, [-1, 0, 1]), (4, range(-7, 8))])
def test_weights_on_the_grid_are_carried_exactly(tmp_path, rng, bits, values):
    model = keras.Sequential([keras.Input((32,)), layers.Dense(16)])
    steps = rng.choice(values, (32, 16))
    steps[0] = max(values)  # so that the step of each output is what we think
    kernel = steps * 2.0 ** rng.integers(-2, 3, 16)
    model.layers[0].kernel.assign(kernel)
    whole = to_tflite(model, tmp_path / "whole.tflite", sparse=False).path
    quantize_dense_layers(whole, tmp_path / "few.tflite", bits=bits)
    x = rng.choice([0.0, 1.0], (8, 32))
    y = TFLiteModel(tmp_path / "few.tflite").predict(x)
    np.testing.assert_allclose(y, model(x), atol=1e-4)


@pytest.mark.parametrize("zeros", [False, True])
def test_four_bits_have_a_scale_for_each_block(tmp_path, rng, zeros):
    model = keras.Sequential([keras.Input((96,)), layers.Dense(16)])  # in blocks of 32
    kernel = rng.choice(np.arange(-7, 8), (96, 16)).astype("float32")
    kernel[[0, 32, 64]] = 7
    kernel[32:] *= 0 if zeros else 1 / 64  # lost if they had the scale of the others
    model.layers[0].kernel.assign(kernel)
    whole = to_tflite(model, tmp_path / "whole.tflite", sparse=False).path
    quantize_dense_layers(whole, tmp_path / "few.tflite", bits=4)
    x = np.eye(96, dtype="float32")[32:]
    y = TFLiteModel(tmp_path / "few.tflite").predict(x)
    np.testing.assert_allclose(y, kernel[32:], atol=1e-4)


def test_nothing_is_printed(mlp, tmp_path, capsys):
    whole = to_tflite(mlp, tmp_path / "whole.tflite").path
    capsys.readouterr()
    quantize_dense_layers(whole, tmp_path / "few.tflite", bits=4)
    assert capsys.readouterr().out == ""


def test_blocks_divide_the_inputs():
    assert [block_size(n) for n in (384, 192, 96, 100)] == [128, 64, 32, 0]


def test_a_file_without_dense_layers_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Activation("relu")])
    whole = to_tflite(model, tmp_path / "whole.tflite").path
    with pytest.raises(ValueError, match="there is no dense layer to quantize"):
        quantize_dense_layers(whole, tmp_path / "few.tflite", bits=2)
