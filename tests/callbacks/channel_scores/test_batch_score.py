import keras
import numpy as np
import pytest

from tfcompress.callbacks.channel_scores.batch_score import BatchScore


class Counting(BatchScore):
    def __init__(self):
        self.variables = [keras.Variable(np.zeros(n), dtype="float32") for n in (1, 3)]

    @property
    def counters(self):
        return self.variables


def test_what_was_seen_is_seen_again():
    score, other = Counting(), Counting()
    score.variables[0].assign([2])
    score.variables[1].assign([1, 2, 3])
    seen = score.seen()
    score.reset()  # what was handed out stays as it was
    other.see_again(seen)
    assert other.variables[0].numpy().tolist() == [2]
    assert other.variables[1].numpy().tolist() == [1, 2, 3]
    assert not score.variables[1].numpy().any()


def test_it_must_say_what_it_counts():
    with pytest.raises(NotImplementedError):
        BatchScore().seen()
