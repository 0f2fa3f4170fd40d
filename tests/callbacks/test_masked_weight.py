import keras
import numpy as np
import pytest

from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.patterns.block import Block
from tfcompress.patterns.unstructured import Unstructured


@pytest.fixture
def variable():
    return keras.Variable(np.float32([[1, 0], [0, 0], [3, 4], [5, 6]]))


def test_starts_with_what_is_not_zero(variable):
    weight = MaskedWeight(variable, Unstructured(), None)

    weight.start()

    assert weight.kept.tolist() == [[1, 0], [0, 0], [1, 1], [1, 1]]
    assert weight.sparsity == 3 / 8


def test_group_is_alive_while_a_member_is(variable):
    weight = MaskedWeight(variable, Block((2, 1)), None)

    weight.start()

    assert weight.alive().tolist() == [[True, False], [True, True]]


def test_what_is_not_kept_is_zero_at_once(variable):
    weight = MaskedWeight(variable, Unstructured(), None)

    weight.keep(np.array([[True, True], [True, True], [False, True], [True, False]]))

    np.testing.assert_array_equal(variable, [[1, 0], [0, 0], [0, 4], [5, 0]])


def test_constraint_is_given_back(variable):
    user = variable.constraint = keras.constraints.NonNeg()
    MaskedWeight(variable, Unstructured(), None)  # left by a fit that was aborted
    weight = MaskedWeight(variable, Unstructured(), None)
    assert weight.held

    weight.release()

    assert variable.constraint is user
    assert not weight.held


def test_weight_of_two_masks_is_refused(variable):
    weight = MaskedWeight(variable, Unstructured(), None)
    MaskedWeight(variable, Unstructured(), None)

    with pytest.raises(ValueError, match="is pruned by another callback"):
        weight.start()


def test_zeros_that_are_applied_have_no_sign(variable):
    weight = MaskedWeight(variable, Unstructured(), None)
    weight.keep(np.bool_([[0, 1], [1, 1], [1, 1], [1, 1]]))
    variable.assign(-np.ones((4, 2)))

    weight.apply()

    assert not np.signbit(variable.numpy()[0, 0])
