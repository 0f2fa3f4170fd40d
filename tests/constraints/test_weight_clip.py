import keras
import numpy as np
import pytest

from tfcompress.constraints.weight_clip import WeightClip


def test_weights_outside_the_interval_move_to_its_nearer_end():
    weights = np.array([[-3.0, -0.2], [0.4, 7.0]], "float32")

    clipped = WeightClip(-0.5, 2.0)(weights)

    np.testing.assert_array_equal(clipped, np.float32([[-0.5, -0.2], [0.4, 2.0]]))


def test_a_fitted_layer_ends_inside_the_interval(rng):
    dense = keras.layers.Dense(3, kernel_constraint=WeightClip(-0.1, 0.1))
    model = keras.Sequential([keras.Input((4,)), dense])
    model.compile(keras.optimizers.SGD(10.0), "mse")

    model.fit(rng.normal(size=(8, 4)), rng.normal(size=(8, 3)), verbose=0)

    assert np.abs(dense.kernel.numpy()).max() == np.float32(0.1)


def test_the_dtype_of_the_weights_is_kept():
    assert WeightClip()(keras.ops.ones((2,), "float16")).dtype == "float16"


def test_serialized_constraint_keeps_its_bounds():
    config = keras.constraints.serialize(WeightClip(-2.0, 3.0))

    copy = keras.constraints.deserialize(config)

    assert (type(copy), copy.low, copy.high) == (WeightClip, -2.0, 3.0)


@pytest.mark.parametrize("high", [-1.0, -2.0, float("inf"), float("nan"), "1"])
def test_high_must_be_a_finite_number_above_low(high):
    with pytest.raises(ValueError, match="`high` must be a number in"):
        WeightClip(-1.0, high)


@pytest.mark.parametrize("low", [float("-inf"), None, True])
def test_low_must_be_a_finite_number(low):
    with pytest.raises(ValueError, match="`low` must be a number in"):
        WeightClip(low)
