import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.ops import group_lasso


def gradient(weight, axis):
    weight = tf.constant(weight, "float32")
    with tf.GradientTape() as tape:
        tape.watch(weight)
        penalty = group_lasso.penalty(weight, axis)
    return tape.gradient(penalty, weight).numpy()


KERNEL = [[3.0, 0.0], [4.0, 2.0]]


class TestGroupNorms:
    @pytest.mark.parametrize(
        ("axis", "norms"),
        [(-1, [5, 2]), (1, [5, 2]), (-2, [3, 20**0.5]), (0, [3, 20**0.5])],
    )
    def test_are_those_of_what_each_index_of_the_axis_selects(self, axis, norms):
        np.testing.assert_allclose(group_lasso.group_norms(KERNEL, axis), norms)

    def test_of_a_convolution_take_the_window_with_them(self, rng):
        kernel = rng.normal(size=(3, 3, 4, 5))
        filters = [np.linalg.norm(kernel[..., i]) for i in range(5)]
        inputs = [np.linalg.norm(kernel[:, :, i]) for i in range(4)]

        np.testing.assert_allclose(group_lasso.group_norms(kernel, -1), filters)
        np.testing.assert_allclose(group_lasso.group_norms(kernel, -2), inputs)

    def test_of_a_bias_are_absolute_values(self):
        np.testing.assert_allclose(group_lasso.group_norms([1.0, -2.0, 0.0]), [1, 2, 0])

    def test_have_the_unit_vector_as_gradient_and_zero_at_zero(self):
        expected = [[0.6, 0.0], [0.8, 0.0]]
        np.testing.assert_allclose(gradient([[3, 0], [4, 0]], -1), expected, rtol=1e-6)

    @pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
    def test_of_small_half_precision_weights_do_not_vanish(self, dtype):
        # 1e-4 squared is below the least float16.
        norms = group_lasso.group_norms(keras.ops.full((4, 1), 1e-4, dtype))
        np.testing.assert_allclose(norms, [2e-4], rtol=1e-2)

    @pytest.mark.parametrize(("axis", "shape"), [(-2, (3,)), (2, (3, 2)), (-3, (3, 2))])
    def test_of_an_axis_that_is_not_there_are_refused(self, axis, shape):
        with pytest.raises(ValueError, match=rf"`axis` must be an axis.*axis={axis}"):
            group_lasso.group_norms(np.ones(shape), axis)


class TestPenalty:
    def test_is_the_sum_of_the_norms(self):
        assert float(group_lasso.penalty(KERNEL)) == 7

    def test_counts_a_group_by_the_root_of_its_size(self):
        kernel = np.concatenate([KERNEL, np.zeros((2, 2))])  # columns of 4 weights
        assert float(group_lasso.penalty(kernel, scale_by_size=True)) == 14


class TestShrinkGroups:
    def test_takes_the_step_off_each_norm_and_keeps_the_direction(self):
        shrunk = group_lasso.shrink_groups(KERNEL, 1.0)
        np.testing.assert_allclose(shrunk, [[2.4, 0.0], [3.2, 1.0]], rtol=1e-6)

    def test_zeroes_exactly_the_groups_no_longer_than_the_step(self):
        kernel = [[3.0, 0.6, 1.5], [4.0, 0.8, 1.5]]  # columns of norm 5, 1, 2.12
        shrunk = group_lasso.shrink_groups(kernel, 2.0).numpy()
        np.testing.assert_array_equal(shrunk.any(axis=0), [True, False, True])
        assert not np.signbit(shrunk).any()  # no -0.0 either

    @pytest.mark.parametrize("axis", [-1, -2])
    def test_minimizes_distance_plus_penalty(self, rng, axis):
        weight, step = rng.normal(size=(4, 5)), 1.3

        def objective(x):
            norms = np.linalg.norm(x, axis=0 if axis == -1 else 1)
            return 0.5 * np.sum((x - weight) ** 2) + step * norms.sum()

        best = group_lasso.shrink_groups(weight, step, axis).numpy()

        assert not best.any(axis=0 if axis == -1 else 1).all()  # some group is zero
        for scale in (1e-4, 1e-2, 1.0):
            for _ in range(300):
                other = best + scale * rng.normal(size=best.shape)
                assert objective(best) < objective(other)

    def test_of_rows_revives_no_zero_column(self, rng):
        weight = rng.normal(size=(4, 5))
        columns = group_lasso.shrink_groups(weight, 2.0, -1).numpy()
        both = group_lasso.shrink_groups(columns, 0.1, -2).numpy()
        assert (~columns.any(axis=0)).sum() > 0
        np.testing.assert_array_equal(columns.any(axis=0), both.any(axis=0))

    def test_of_length_0_changes_nothing(self):
        # Nor a zero group, as where a learning rate has decayed to zero.
        kernel = [[3.0, 0.0], [4.0, 0.0]]
        np.testing.assert_array_equal(group_lasso.shrink_groups(KERNEL, 0.0), KERNEL)
        np.testing.assert_array_equal(group_lasso.shrink_groups(kernel, 0.0), kernel)

    def test_keeps_the_dtype(self):
        weight = keras.ops.ones((2, 2), "bfloat16")
        assert group_lasso.shrink_groups(weight, 0.5).dtype == "bfloat16"

    def test_does_not_hide_that_a_weight_has_diverged(self):
        shrunk = group_lasso.shrink_groups([[np.nan, 1.0], [1.0, 1.0]], 2.0).numpy()
        np.testing.assert_array_equal(np.isnan(shrunk), [[True, False], [True, False]])


def test_soft_threshold_takes_the_step_off_each_weight():
    soft = group_lasso.soft_threshold([3.0, -0.5, -2.0, 1.0], 1.0).numpy()
    np.testing.assert_array_equal(soft, [2.0, 0.0, -1.0, 0.0])
    assert not np.signbit(soft[[1, 3]]).any()


def test_axes_name_the_two_sides_of_a_kernel():
    kernel = np.array([[1.0, 0.0], [2.0, 0.0]])  # unit 1 receives nothing
    (incoming,), (outgoing,) = (
        group_lasso.AXES["incoming"],
        group_lasso.AXES["outgoing"],
    )
    assert group_lasso.group_norms(kernel, incoming)[1] == 0
    assert group_lasso.AXES["both"] == (incoming, outgoing)
