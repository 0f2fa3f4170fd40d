import itertools

import pytest

from tfcompress.schedules.exponential import Exponential


def test_each_update_removes_the_same_share_of_what_is_left():
    schedule = Exponential(0.9, initial=0.2, begin=5, end=15, frequency=1)

    left = [1 - schedule.sparsity(t) for t in range(5, 16)]

    assert left[0] == pytest.approx(0.8)
    factors = [after / before for before, after in itertools.pairwise(left)]
    assert factors == pytest.approx([(0.1 / 0.8) ** 0.1] * 10)
