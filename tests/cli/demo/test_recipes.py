"""Every method of the demo, at a tiny size, through to the file."""

import functools

import keras
import numpy as np
import pytest

from tfcompress.cli.demo.recipes import (
    RECIPES,
    block_pruned,
    drop_neuron,
    pruned,
)
from tfcompress.cli.demo.training import mlp, train
from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.fixture(scope="module")
def baseline(data, settings):
    keras.utils.set_random_seed(0)
    return train(mlp(data, [settings.width] * 2), data, settings)


@pytest.fixture(scope="module")
def weights(baseline):
    """The weights of the baseline, before any method was at work."""
    return [np.array(weight) for weight in baseline.weights]


@pytest.fixture(scope="module")
def made(baseline, weights, data, settings):
    """Gives what a method made, which is trained once."""
    return functools.cache(lambda recipe: recipe(baseline, data, settings))


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_file_of_the_method_knows_digits(recipe, made, data, tmp_path):
    model, options = made(recipe)
    result = to_tflite(model, tmp_path / "a.tflite", probe=data.x_test, **options)
    assert TFLiteModel(result.path).evaluate(data.x_test, data.y_test) > 0.4


def test_methods_leave_the_baseline_as_it_was(made, baseline, weights):
    for recipe in RECIPES.values():
        made(recipe)
    for before, now in zip(weights, baseline.weights, strict=True):
        np.testing.assert_array_equal(before, now)


@pytest.mark.parametrize(("recipe", "block"), [(pruned, 1), (block_pruned, 4)])
def test_nine_in_ten_are_pruned(recipe, block, made):
    model, _ = made(recipe)
    for layer in model.layers[1:3]:
        kernel = np.array(layer.kernel)
        kept = kernel.reshape(-1, block, kernel.shape[1]).any(axis=1)
        np.testing.assert_allclose(kept.mean(), 0.1, atol=1e-3)


def test_silent_units_are_gone(made, baseline):
    model, _ = made(drop_neuron)
    assert model.count_params() < baseline.count_params()


def test_every_method_says_what_it_does_in_a_sentence():
    for recipe in RECIPES.values():
        assert recipe.__doc__.endswith(".")
        assert "\n" not in recipe.__doc__
