import keras
import numpy as np
import pytest

from tfcompress.constraints.masked import Masked


def test_weights_are_zero_where_the_mask_is():
    weights = np.array([[1.0, -2.0], [3.0, 4.0]], "float32")

    masked = Masked(np.array([[1, 0], [0, 1]]))(weights)

    np.testing.assert_array_equal(masked, [[1.0, 0.0], [0.0, 4.0]])


def test_a_variable_is_used_as_it_is():
    mask = keras.Variable([1.0, 1.0], trainable=False)
    constraint = Masked(mask)

    mask.assign([0.0, 1.0])

    np.testing.assert_array_equal(constraint(np.float32([5.0, 6.0])), [0.0, 6.0])


def test_inner_constraint_sees_masked_weights():
    masked = Masked([1, 0, 1], inner=keras.constraints.UnitNorm())

    result = masked(np.float32([3.0, 100.0, 4.0]))

    np.testing.assert_allclose(result, [0.6, 0.0, 0.8], atol=1e-6)


def test_mask_holds_over_the_inner_constraint():
    lift = Masked([1, 0], inner=lambda w: w + 1.0)

    np.testing.assert_array_equal(lift(np.float32([1.0, 1.0])), [2.0, 0.0])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_the_dtype_of_the_weights_is_kept(dtype):
    assert Masked([1, 0])(keras.ops.ones((2,), dtype)).dtype == dtype


def test_serialized_constraint_keeps_mask_and_inner():
    masked = Masked([[1, 0]], inner=keras.constraints.MaxNorm(3.0))

    copy = keras.constraints.deserialize(keras.constraints.serialize(masked))

    np.testing.assert_array_equal(copy.mask, [[1.0, 0.0]])
    assert (type(copy), copy.inner.max_value) == (Masked, 3.0)


def test_a_fitted_layer_is_zero_where_the_mask_is(rng):
    mask = rng.integers(0, 2, size=(4, 3))
    dense = keras.layers.Dense(3, kernel_constraint=Masked(mask))
    model = keras.Sequential([keras.Input((4,)), dense])
    model.compile("adam", "mse")

    model.fit(rng.normal(size=(8, 4)), rng.normal(size=(8, 3)), verbose=0)

    np.testing.assert_array_equal(dense.kernel.numpy() != 0, mask)


@pytest.mark.parametrize("shape", [(2,), (1, 3), (3, 2)])
def test_a_mask_of_another_shape_is_refused(shape):
    with pytest.raises(
        ValueError, match=r"shape of the weights, \(2, 3\).*mask.shape="
    ):
        Masked(np.ones(shape))(np.ones((2, 3), "float32"))
