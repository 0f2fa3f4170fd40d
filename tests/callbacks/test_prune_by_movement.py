import numpy as np
from linear import fit, mask, still

from tfcompress.callbacks.prune_by_movement import PruneByMovement
from tfcompress.schedules.one_shot import OneShot


def test_weights_that_are_pushed_to_zero_go_before_those_pushed_away():
    # The first output wants to be larger, the second, though larger itself, smaller.
    model = still([[1, 9], [1, 9]])
    y = np.tile([100, 0], (4, 1))

    fit(model, PruneByMovement(OneShot(0.5, at=2)), y)

    assert mask(model) == [[1, 0], [1, 0]]


def test_pushes_away_from_zero_count_for_negative_weights_too():
    model = still([[-1, 9], [-1, 9]])
    y = np.tile([-100, 0], (4, 1))

    fit(model, PruneByMovement(OneShot(0.5, at=2)), y)

    assert mask(model) == [[1, 0], [1, 0]]


def test_score_is_the_sum_over_all_steps():
    model, prune = still([[1], [2]]), PruneByMovement(OneShot(0.5, at=2))
    prune._release = lambda: None

    fit(model, prune, np.zeros((4, 1)))

    # Products of weight and gradient: 14 and 20 in the first batch, 12 and 88 then.
    scores = prune.scores(model.layers[0].kernel)
    np.testing.assert_allclose(scores, [[-26], [-108]], rtol=1e-5)
