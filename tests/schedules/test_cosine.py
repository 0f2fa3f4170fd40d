import pytest

from tfcompress.schedules.cosine import Cosine


def test_sparsity_follows_half_a_cosine():
    schedule = Cosine(0.9, initial=0.1, begin=6, end=12)

    # (1 + cos) / 2 at 0, 60, 90 and 120 degrees: 1, 3/4, 1/2, 1/4.
    assert [schedule.sparsity(t) for t in (6, 8, 9, 10)] == pytest.approx(
        [0.1, 0.3, 0.5, 0.7]
    )
