import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.few_bits import quantize_dense_layers
from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.mark.parametrize(("bits", "values"), [(2, [-1, 0, 1]), (4, range(-7, 8))])
def test_weights_on_the_grid_are_carried_exactly(tmp_path, rng, bits, values):
    model = keras.Sequential([keras.Input((32,)), layers.Dense(16)])
    steps = rng.choice(values, (32, 16))
    steps[0] = max(values)  # so that the step of each output is what we think
    kernel = steps * rng.uniform(0.5, 2, 16)
    model.layers[0].kernel.assign(kernel)
    whole = to_tflite(model, tmp_path / "whole.tflite", sparse=False).path
    quantize_dense_layers(whole, tmp_path / "few.tflite", bits=bits)
    x = rng.choice([0.0, 1.0], (8, 32))
    y = TFLiteModel(tmp_path / "few.tflite").predict(x)
    np.testing.assert_allclose(y, model(x), atol=1e-4)


def test_nothing_is_printed(mlp, tmp_path, capsys):
    whole = to_tflite(mlp, tmp_path / "whole.tflite").path
    capsys.readouterr()
    quantize_dense_layers(whole, tmp_path / "few.tflite", bits=4)
    assert capsys.readouterr().out == ""


def test_a_file_without_dense_layers_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Activation("relu")])
    whole = to_tflite(model, tmp_path / "whole.tflite").path
    with pytest.raises(ValueError, match="there is no dense layer to quantize"):
        quantize_dense_layers(whole, tmp_path / "few.tflite", bits=2)
