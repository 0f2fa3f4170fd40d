import numpy as np
from linear import X, fit, mask, still

from tfcompress.callbacks.gradient_pruning import GradientPruning
from tfcompress.patterns.channel import Channel
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.one_shot import OneShot


class PruneHighGradient(GradientPruning):
    memory = None

    def observe(self, value, gradient, pattern):
        return -gradient


def test_a_method_is_a_subclass_with_observe():
    model = still([[1], [1]])

    # Of x @ w - y = (3, 3, 4, 4) - 0 the sums of x' r are 3 + 9 + 8 and 6 + 16 + 8.
    fit(model, PruneHighGradient(OneShot(0.5, at=2)), np.zeros((4, 1)))

    assert mask(model) == [[1], [0]]


def test_first_cut_comes_when_there_is_a_score():
    class Watching(PruneHighGradient):
        cuts = []

        def _update(self, step):
            self.cuts.append(step)
            super()._update(step)

    prune = Watching(Constant(0.5))
    fit(still([[1], [1]]), prune, np.zeros((4, 1)))

    assert prune.cuts == [1]


def test_cut_is_made_at_the_end_where_no_gradient_ever_came():
    model = still([[1], [1]])

    fit(model, PruneHighGradient(Constant(0.5)), X @ np.ones((2, 1)))

    assert np.sum(mask(model)) == 1


def test_pattern_is_known_to_observe():
    seen = []

    class Watching(PruneHighGradient):
        def observe(self, value, gradient, pattern):
            seen.append(pattern)
            return gradient

    model = still(np.ones((2, 2)))
    fit(model, Watching(Constant(0.5), pattern=Channel()), np.zeros((4, 2)))

    assert set(seen) == {Channel()}
