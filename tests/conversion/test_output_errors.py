import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.convert import convert
from tfcompress.conversion.output_errors import output_errors
from tfcompress.kernels.low_rank import LowRank


@pytest.fixture
def model():
    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            layers.Conv2D(8, 3, name="conv"),
            layers.Flatten(),
            layers.Dense(9, name="dense"),
        ]
    )


@pytest.fixture
def x(rng):
    # Inputs that are alike, as those of trained layers are.
    return (rng.normal(size=(40, 1, 1, 3)) @ rng.normal(size=(3, 3))).repeat(
        6, 1
    ).repeat(6, 2).astype("float32") + 0.1 * rng.normal(size=(40, 6, 6, 3))


def test_errors_are_those_of_the_layer(model, x):
    small = convert(model, {"conv": LowRank(rank=2)}, inputs=x)
    before, after = model.get_layer("conv")(x), small.get_layer("conv")(x)
    (error,) = output_errors(small)
    assert error.weight == "conv/kernel"
    missed = np.linalg.norm(after - before) / np.linalg.norm(before)
    assert error.of_outputs == pytest.approx(missed, rel=1e-3)


def test_outputs_are_nearer_than_without_inputs(model, x):
    rules = {"*": LowRank(rank=2)}
    errors = {e.weight: e for e in output_errors(convert(model, rules, inputs=x))}
    without = convert(model, rules)
    for name in ("conv", "dense"):
        error = errors[f"{name}/kernel"]
        assert error.of_outputs < error.of_weights
        # The weight itself is missed by more: that is the price.
        fitted = convert(model, rules, inputs=x).get_layer(name).kernels["kernel"]
        assert without.get_layer(name).kernels["kernel"].error < fitted.error


def test_energy_is_that_of_the_outputs(model, x):
    low = LowRank(energy=0.9, must_pay=False)
    small = convert(model, {"dense": low}, inputs=x)
    kernel = small.get_layer("dense").kernels["kernel"]
    assert kernel.output_error**2 <= 0.1 + 1e-6
    assert (
        kernel.factor_rank
        < convert(model, {"dense": low})
        .get_layer("dense")
        .kernels["kernel"]
        .factor_rank
    )


def test_each_says_itself_in_a_line(model, x):
    (error,) = output_errors(convert(model, {"conv": LowRank(rank=2)}, inputs=x))
    assert str(error).startswith("conv/kernel: 0.")
    assert "fitted to the weights alone: 0." in str(error)


def test_a_model_that_was_not_fitted_to_outputs_is_refused(model):
    with pytest.raises(ValueError, match="`model` must come from `tfcompress.convert`"):
        output_errors(convert(model, {"conv": LowRank(rank=2)}))


def test_inputs_without_weights_to_fit_are_refused(model, x):
    with pytest.raises(ValueError, match="`inputs` must be None where `fit_weights`"):
        convert(model, {"conv": LowRank(rank=2)}, fit_weights=False, inputs=x)


def test_what_is_inside_time_distributed_is_fitted_by_weights(rng):
    inputs = keras.Input((5, 8))
    model = keras.Model(inputs, layers.TimeDistributed(layers.Dense(6))(inputs))
    x = rng.normal(size=(4, 5, 8))
    small = convert(model, {layers.Dense: LowRank(rank=2)}, inputs=x)
    assert small.layers[1].layer.kernels["kernel"].output_error is None
