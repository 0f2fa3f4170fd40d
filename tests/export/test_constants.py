import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.constants import Zeros, dense_weights, tensor_types, zeros
from tfcompress.export.tflite import to_tflite


def test_blocks_lie_along_the_inputs():
    weight = np.ones((2, 16))
    weight[0, :4] = 0
    weight[1, 2:6] = 0  # four neighbours, but no block
    assert Zeros.of(weight) == Zeros(dense=True, share=0.25, blocks={4: 0.5, 16: 0})


def test_lengths_that_do_not_divide_the_inputs_have_no_blocks():
    assert Zeros.of(np.zeros((2, 6))).blocks == {4: 0, 16: 0}


@pytest.mark.parametrize("quantize", [None, "float16", "int8"])
def test_weights_are_read_from_the_file(tmp_path, rng, quantize):
    model = keras.Sequential(
        [
            keras.Input((6, 6, 8)),
            layers.Conv2D(16, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(64),
        ]
    )
    kernel = rng.uniform(1, 2, (16, 64))
    kernel[:4] = 0  # the first block of four inputs of each output
    model.layers[-1].kernel.assign(kernel)
    x = rng.random((20, 6, 6, 8), "float32")
    path = tmp_path / "m.tflite"
    to_tflite(model, path, quantize=quantize, representative_data=x)
    found = {weight.dense: weight for weight in zeros(path) if weight.share < 1}
    assert found[True] == Zeros(dense=True, share=0.25, blocks={4: 1, 16: 0})
    assert found[False].share < 0.05


def test_types_of_tensors_tell_what_was_quantized(mlp, tmp_path):
    whole = to_tflite(mlp, tmp_path / "whole.tflite").path
    small = to_tflite(mlp, tmp_path / "small.tflite", quantize="dynamic").path
    assert tensor_types(whole) < tensor_types(small)


def test_dense_weights_are_found_by_what_they_give(mlp, tmp_path):
    path = to_tflite(mlp, tmp_path / "m.tflite", sparse=False).path
    (_, first), (name, second) = dense_weights(path)
    np.testing.assert_array_equal(first, mlp.layers[0].kernel.numpy().T)
    np.testing.assert_array_equal(second, mlp.layers[1].kernel.numpy().T)
    assert name
