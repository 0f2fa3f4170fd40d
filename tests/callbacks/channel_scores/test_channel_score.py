import types

import numpy as np
import pytest

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore


def test_a_method_defines_scores_and_is_ready_without_data():
    score = ChannelScore()
    assert score.ready
    with pytest.raises(NotImplementedError):
        score.scores(None)


class Fixed(ChannelScore):
    def __init__(self, *scores):
        self.fixed = scores

    def scores(self, group):
        return np.array(self.fixed)


def test_scores_are_relative_to_their_group_where_groups_are_compared():
    group = types.SimpleNamespace(name="a")
    np.testing.assert_allclose(Fixed(1.0, 7.0).checked(group, "global"), [0.2, 1.4])
    np.testing.assert_allclose(Fixed(1.0, 7.0).checked(group, "layer"), [1.0, 7.0])


def test_scores_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="scores of 'a' must be finite"):
        Fixed(1.0, np.nan).checked(types.SimpleNamespace(name="a"), "layer")
