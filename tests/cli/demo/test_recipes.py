"""Every method of the demo, at a tiny size, through to the file."""

import keras
import numpy as np
import pytest

from tfcompress.cli.demo.recipes import RECIPES
from tfcompress.cli.demo.training import mlp, train
from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.fixture(scope="module")
def baseline(data, settings):
    keras.utils.set_random_seed(0)
    return train(mlp(data, [settings.width] * 2), data, settings)


@pytest.mark.parametrize("name", RECIPES)
def test_file_of_the_method_classifies_digits(name, baseline, data, settings, tmp_path):
    before = [np.array(weight) for weight in baseline.weights]

    model, options = RECIPES[name](baseline, data, settings)
    result = to_tflite(model, tmp_path / "a.tflite", probe=data.x_test, **options)

    assert TFLiteModel(result.path).evaluate(data.x_test, data.y_test) > 0.5
    for ours, theirs in zip(before, baseline.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def sparsity(model, block=1):
    kernels = [np.array(layer.kernel) for layer in model.layers[1:3]]
    groups = [kernel.reshape(-1, block, kernel.shape[1]).any(1) for kernel in kernels]
    return [1 - group.mean() for group in groups]


@pytest.mark.parametrize(("name", "block"), [("pruned", 1), ("block_pruned", 4)])
def test_nine_in_ten_are_pruned(name, block, baseline, data, settings):
    recipe = next(r for r in RECIPES.values() if r.__name__ == name)
    model, _ = recipe(baseline, data, settings)
    np.testing.assert_allclose(sparsity(model, block), 0.9, atol=1e-3)


def test_every_method_says_what_it_does_in_a_sentence():
    for recipe in RECIPES.values():
        assert recipe.__doc__.endswith(".")
        assert "\n" not in recipe.__doc__
