import numpy as np
import pytest

from tfcompress.report.intervals import Z, change_interval, share_interval


@pytest.mark.parametrize(("right", "count"), [(98, 100), (1, 3), (5000, 10_000)])
def test_ends_are_the_shares_that_the_score_just_rejects(right, count):
    # Wilson's interval, by what defines it: |p - q| = z sqrt(q (1 - q) / n).
    for end in share_interval(right, count):
        off = abs(right / count - end)
        assert off == pytest.approx(Z * np.sqrt(end * (1 - end) / count))


def test_none_and_all_right_leave_something_open():
    low, high = share_interval(0, 10)
    assert low == 0 < high < 0.3
    assert share_interval(10, 10) == pytest.approx((1 - high, 1))


def test_change_holds_the_truth_in_about_95_of_100_samples(rng):
    # One in ten gained, one in twenty lost: the change is +0.05.
    drawn = rng.multinomial(400, [0.1, 0.05, 0.85], size=1000)
    ends = [change_interval(gained, lost, 400) for gained, lost, _ in drawn]
    inside = np.mean([low <= 0.05 <= high for low, high in ends])
    assert 0.93 <= inside <= 0.98


def test_change_has_half_an_example_more_in_each_of_the_four_cases():
    # 1.5 gained, 2.5 lost of 10: -1 within 1.959964 times sqrt(4 - 1 / 10) = 1.974842.
    expected = (-0.4870619, 0.2870619)
    assert change_interval(gained=1, lost=2, count=8) == pytest.approx(expected)


def test_change_is_narrower_than_two_shares_side_by_side():
    # 960 and 950 of 1000 right, and most of them the same ones.
    _, high = change_interval(gained=5, lost=15, count=1000)
    one, other = share_interval(950, 1000), share_interval(960, 1000)
    assert high < 0  # a loss for sure, where the intervals overlap
    assert one[1] > other[0]


def test_no_difference_leaves_something_open():
    low, high = change_interval(0, 0, 100)
    assert low == -high
    assert 0 < high < 0.03
