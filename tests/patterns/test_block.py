import numpy as np
import pytest

from tfcompress.patterns.block import Block


def test_score_of_a_block_is_the_mean_of_its_members():
    scores = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 9.0]])

    np.testing.assert_array_equal(Block((2, 2)).pool(scores), [[3.5, 5.75]])


def test_block_of_inputs_of_one_output():
    mask = Block((2, 1)).expand(np.array([[True, False], [False, True]]), (4, 2))

    np.testing.assert_array_equal(mask, np.array([[1, 0], [1, 0], [0, 1], [0, 1]]) > 0)


def test_shape_is_that_of_the_last_axes():
    scores = np.arange(12.0).reshape(2, 3, 2)

    np.testing.assert_array_equal(
        Block((2,)).pool(scores), [[[0.5], [2.5], [4.5]], [[6.5], [8.5], [10.5]]]
    )


def test_group_is_alive_while_one_member_is():
    mask = np.array([[True, False, False, False]])

    np.testing.assert_array_equal(Block((1, 2)).reduce(mask, np.any), [[True, False]])


@pytest.mark.parametrize("shape", [(6, 3), (4, 2, 3), (3,)])
def test_weight_that_the_block_does_not_divide_is_refused(shape):
    rule = r"`shape` must divide the last axes of 'd/kernel', a weight of shape \("
    with pytest.raises(ValueError, match=rule + r".*by `which`.*shape=\(4, 1\)"):
        Block((4, 1)).check("d/kernel", shape)


def test_weight_that_the_block_divides_passes():
    Block((4, 1)).check("d/kernel", (3, 3, 8, 5))


@pytest.mark.parametrize("shape", [(), 4, "4x1", None])
def test_shape_must_be_a_tuple(shape):
    with pytest.raises(ValueError, match="`shape` must be a tuple of positive"):
        Block(shape)


@pytest.mark.parametrize("shape", [(0, 1), (4, -1), (2.0, 1)])
def test_sizes_must_be_positive_integers(shape):
    with pytest.raises(ValueError, match="`shape` must be a positive integer"):
        Block(shape)
