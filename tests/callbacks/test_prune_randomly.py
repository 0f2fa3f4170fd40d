import numpy as np
import pytest
from linear import fit, mask, still

from tfcompress.callbacks.prune_randomly import PruneRandomly
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.polynomial import Polynomial

X, Y = np.ones((40, 20)), np.ones((40, 20))
ONCE = Constant(0.8)


def pruned(seed, schedule=ONCE):
    model = still(np.arange(1, 401).reshape(20, 20))
    fit(model, PruneRandomly(schedule, seed=seed), Y, x=X)
    return np.array(mask(model))


def test_chance_takes_no_notice_of_magnitude():
    kept = pruned(seed=3)

    assert kept.sum() == 80
    # The mean rank of 80 of 400 has a standard deviation of 11.6.
    ranks = np.flatnonzero(kept)
    assert abs(ranks.mean() - 199.5) < 40


def test_seed_decides():
    assert (pruned(seed=1) == pruned(seed=1)).all()
    assert (pruned(seed=1) != pruned(seed=2)).any()


def test_gradual_pruning_ends_where_pruning_at_once_does():
    gradual = Polynomial(0.8, end="100%", frequency=2)

    assert (pruned(seed=1, schedule=gradual) == pruned(seed=1)).all()


@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_seed_must_be_a_whole_number(seed):
    with pytest.raises(ValueError, match="`seed` must be an integer of at least 0"):
        PruneRandomly(Constant(0.5), seed=seed)
