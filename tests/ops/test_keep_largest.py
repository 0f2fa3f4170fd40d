import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tfcompress.ops.keep_largest as keep_largest_module
from tfcompress.ops.keep_largest import keep_count, keep_largest


def test_one_array_by_hand():
    scores = np.array([[0.3, 0.9], [0.1, 0.5]])

    (kept,) = keep_largest([scores], [np.ones((2, 2), bool)], 0.5)

    np.testing.assert_array_equal(kept, [[False, True], [False, True]])


def test_arrays_are_compared_with_each_other():
    scores = [np.array([9.0, 8.0, 7.0]), np.array([1.0, 10.0, 2.0])]
    alive = [np.ones(3, bool)] * 2

    kept = keep_largest(scores, alive, 0.5)

    np.testing.assert_array_equal(kept, [[True, True, False], [False, True, False]])


def test_each_array_keeps_its_largest():
    scores = [np.array([9.0, 8.0, 7.0]), np.array([1.0, 2.0, 2.0])]
    alive = [np.ones(3, bool)] * 2

    kept = keep_largest(scores, alive, 0.5)

    np.testing.assert_array_equal(kept, [[True, True, False], [False, True, False]])


def test_the_dead_are_not_kept_whatever_they_score():
    scores, alive = np.array([9.0, 1.0, 8.0, 2.0]), np.array([False, True, True, True])

    (kept,) = keep_largest([scores], [alive], 0.5)

    np.testing.assert_array_equal(kept, [False, False, True, True])


def test_no_more_are_kept_than_are_alive():
    scores, alive = np.arange(4.0), np.array([False, True, False, True])

    (kept,) = keep_largest([scores], [alive], 0.0)

    np.testing.assert_array_equal(kept, alive)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_equal_scores_are_kept_from_the_first_on(dtype):
    (kept,) = keep_largest([np.zeros(5, dtype)], [np.ones(5, bool)], 0.4)

    np.testing.assert_array_equal(kept, [True, True, True, False, False])


@settings(deadline=None, max_examples=60)
@given(
    values=st.lists(st.integers(-3, 3), min_size=1, max_size=40),
    dead=st.sets(st.integers(0, 39)),
    sparsity=st.floats(0, 0.99),
)
def test_count_is_exact_and_the_kept_are_the_largest(values, dead, sparsity):
    scores = np.array(values, "float32")
    alive = np.array([i not in dead for i in range(len(values))])
    alive[0] = True

    (kept,) = keep_largest([scores], [alive], sparsity)

    wanted = max(round(scores.size * (1 - sparsity)), 1)
    assert kept.sum() == min(wanted, alive.sum())
    assert not (kept & ~alive).any()
    dropped = scores[alive & ~kept]
    assert dropped.size == 0 or scores[kept].min() >= dropped.max()


@pytest.mark.parametrize("share", [0.001, 0.3, 0.97])
@pytest.mark.parametrize("distinct", [3, 10**6])
def test_the_guess_of_the_threshold_changes_nothing(share, distinct):
    random = np.random.default_rng(0)
    scores = [
        random.integers(0, distinct, (200, n)).astype("float32") for n in (97, 61)
    ]
    alive = [random.random(one.shape) < 0.8 for one in scores]
    total = sum(np.count_nonzero(one) for one in alive)

    kept = keep_count(scores, alive, total - round(share * total))

    # The living by score, equal ones by position: the first of them are the least.
    flat, living = (np.concatenate([one.ravel() for one in x]) for x in (scores, alive))
    order = np.lexsort((-np.arange(flat.size), flat))
    order = order[living[order]][round(share * total) :]
    expected = np.zeros(flat.size, bool)
    expected[order] = True
    np.testing.assert_array_equal(
        np.concatenate([one.ravel() for one in kept]), expected
    )


def test_a_sample_that_misleads_is_not_followed():
    # All that the sample sees is greater than all the rest, the other way round too.
    for sign in (1, -1):
        scores = np.zeros(10 * keep_largest_module.FEW, "float32")
        scores[:: keep_largest_module.STRIDE] = sign
        scores += np.linspace(0, 0.1, scores.size, dtype="float32")

        (kept,) = keep_count([scores], [np.ones(scores.size, bool)], scores.size // 2)

        assert kept.sum() == scores.size // 2
        assert scores[kept].min() >= scores[~kept].max()
