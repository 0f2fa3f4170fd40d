import pytest

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore


def test_a_method_defines_scores_and_is_ready_without_data():
    score = ChannelScore()
    assert score.ready
    with pytest.raises(NotImplementedError):
        score.scores(None)
