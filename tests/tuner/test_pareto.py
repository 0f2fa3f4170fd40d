import collections

from tfcompress.tuner.pareto import pareto

One = collections.namedtuple("One", "bytes accuracy")


def test_what_another_beats_is_left_out():
    small, beaten, large = One(10, 0.5), One(20, 0.5), One(30, 0.9)
    assert pareto([large, beaten, small]) == [small, large]


def test_of_equal_sizes_the_most_accurate_stays():
    assert pareto([One(10, 0.5), One(10, 0.7)]) == [One(10, 0.7)]


def test_of_nothing_nothing_is_left():
    assert pareto([]) == []
