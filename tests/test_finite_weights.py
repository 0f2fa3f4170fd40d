import keras
import numpy as np
import pytest

from tfcompress.finite_weights import check_finite


@pytest.fixture
def model():
    parts = [keras.layers.Dense(2, name="dense"), keras.layers.BatchNormalization()]
    return keras.Sequential([keras.Input((3,)), *parts], name="small")


def test_finite_weights_pass(model):
    check_finite("model", model)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("index", [0, 5])  # a kernel, and a moving variance
def test_weight_that_is_not_finite_is_named(model, value, index):
    variable = model.weights[index]
    values = variable.numpy()
    values.flat[-1] = value
    variable.assign(values)
    with pytest.raises(ValueError, match=f"`teacher` .*{variable.path}.*'small'"):
        check_finite("teacher", model)


def test_half_precision_is_looked_at_too():
    layer = keras.layers.Dense(1, dtype="bfloat16")
    layer.build((1, 1))
    check_finite("model", layer)
    layer.kernel.assign([[np.nan]])
    with pytest.raises(ValueError, match="kernel"):
        check_finite("model", layer)
