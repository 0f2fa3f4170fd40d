import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfcompress.patterns.n_of_m import NofM


def choose(pattern, scores, sparsity, alive=None):
    scores = np.asarray(scores, float)
    alive = np.ones(scores.shape, bool) if alive is None else np.asarray(alive, bool)
    [kept] = pattern.choose([scores], [alive], sparsity)
    return kept.astype(int).tolist()


def test_two_best_of_four_stay():
    scores = [[1, 4, 2, 3, 9, 8, 7, 6]]

    assert choose(NofM(2, 4, axis=1), scores, 0.5) == [[0, 1, 0, 1, 1, 1, 0, 0]]


def test_groups_lie_along_the_inputs():
    scores = np.float32([[1, 9], [2, 8], [3, 7], [4, 6]])

    assert choose(NofM(1, 2), scores, 0.5) == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_on_the_way_the_best_of_each_group_are_safe():
    scores = [[1, 2, 3, 4, 5, 6, 7, 8]]

    # 5 of 8 are kept: 3, 4, 7 and 8 are safe, and 6 is the best of the others.
    assert choose(NofM(2, 4, axis=1), scores, 3 / 8) == [[0, 0, 1, 1, 0, 1, 1, 1]]


def test_first_of_equals_stay():
    assert choose(NofM(2, 4, axis=1), [[1, 1, 1, 1]], 0.5) == [[1, 1, 0, 0]]


def test_dead_weights_do_not_take_the_place_of_living_ones():
    alive = [[0, 0, 1, 1, 1, 1, 1, 1]]

    kept = choose(NofM(2, 4, axis=1), [[9, 9, 1, 2, 3, 4, 5, 6]], 0.5, alive)

    assert kept == [[0, 0, 1, 1, 0, 0, 1, 1]]


def test_a_group_with_too_few_living_members_gives_its_share_to_no_other():
    alive = [[0, 0, 0, 1, 1, 1, 1, 1]]

    kept = choose(NofM(2, 4, axis=1), [[1, 1, 1, 1, 1, 2, 3, 4]], 0.5, alive)

    assert kept == [[0, 0, 0, 1, 0, 0, 1, 1]]


@settings(max_examples=50, deadline=None)
@given(
    m=st.integers(2, 8),
    groups=st.integers(1, 6),
    units=st.integers(1, 5),
    seed=st.integers(0, 2**31),
    data=st.data(),
)
def test_count_is_exact_in_every_group_and_the_best_are_kept(
    m, groups, units, seed, data
):
    n = data.draw(st.integers(1, m - 1))
    pattern = NofM(n, m)
    # Few different scores: many are equal.
    scores = np.random.default_rng(seed).integers(0, 5, size=(groups * m, units))
    scores = scores.astype("float32")

    kept = np.array(choose(pattern, scores, pattern.sparsity)) > 0

    members = kept.reshape(groups, m, units)
    values = scores.reshape(groups, m, units)
    assert (members.sum(1) == n).all()
    worst_kept = np.where(members, values, np.inf).min(1)
    best_removed = np.where(members, -np.inf, values).max(1)
    assert (worst_kept >= best_removed).all()


@settings(max_examples=50, deadline=None)
@given(share=st.floats(0, 1), seed=st.integers(0, 2**31))
def test_count_follows_the_schedule_and_no_group_falls_below_n(share, seed):
    sparsity = 0.5 * share
    scores = np.random.default_rng(seed).random((16, 3))

    kept = np.array(choose(NofM(2, 4), scores, sparsity))

    assert abs(kept.sum() - 48 * (1 - sparsity)) <= 0.5 + 1e-9
    assert (kept.reshape(4, 4, 3).sum(1) >= 2).all()


@pytest.mark.parametrize(("n", "m"), [(4, 4), (0, 4), (5, 4), (1.5, 4)])
def test_n_must_be_below_m(n, m):
    with pytest.raises(ValueError, match=r"`n` must be an integer in \[1, 3\]"):
        NofM(n, m)


@pytest.mark.parametrize("shape", [(6, 3), (3, 4, 2, 5)])
def test_weight_that_groups_do_not_divide_is_refused(shape):
    with pytest.raises(ValueError, match=r"`m` must divide axis -2 of 'd/kernel'"):
        NofM(2, 4).check("d/kernel", shape)


def test_axis_the_weight_has_not_is_refused():
    with pytest.raises(ValueError, match="`axis` must be an axis of 'd/bias'"):
        NofM(2, 4).check("d/bias", (8,))


@pytest.mark.parametrize("sparsity", [0.4, 0.75])
def test_other_final_sparsity_is_refused(sparsity):
    with pytest.raises(ValueError, match="`schedule` must end at 0.5, which is 2 of 4"):
        NofM(2, 4).check_final(sparsity)
