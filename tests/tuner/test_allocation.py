import math

import pytest

from tfcompress.methods.units import Units
from tfcompress.tuner.allocation import Allocation, within

HOW = {"quantize": "dynamic", "alpha": 0.5}


def allocation(a=0.0, b=0.0, floor=0.125):
    floors = {"a": floor, "b": floor}
    return Allocation(dict.fromkeys("ab", Units()), {"a": a, "b": b}, floors)


def ratios(compression):
    return [ratio for _, ratio in compression.choices.values()]


def mean(compression):
    return sum(ratios(compression)) / 2


def test_without_offsets_all_layers_have_one_ratio():
    assert ratios(allocation().at(math.log(0.5), **HOW)) == [0.5, 0.5]


def test_offsets_are_factors_between_the_floor_and_one():
    made = allocation(a=math.log(2)).at(math.log(0.4), **HOW)
    assert ratios(made) == [0.8, 0.4]
    assert ratios(allocation(a=5.0, b=-5.0).at(-1.0, **HOW)) == [1.0, 0.125]


def test_the_levels_reach_from_all_floors_to_all_whole():
    one = allocation(a=math.log(2), b=-1.0)
    low, high = one.levels
    assert ratios(one.at(low, **HOW)) == [0.125, 0.125]
    assert ratios(one.at(high, **HOW)) == [1.0, 1.0]


@pytest.mark.parametrize("limit", [0.2, 0.5, 0.8])
def test_the_budget_is_met_and_used(limit):
    made = within(allocation(a=0.5), lambda one: mean(one) / limit, **HOW)
    assert 0.9 * limit < mean(made) <= limit


def test_what_is_within_from_the_beginning_stays_whole():
    assert ratios(within(allocation(), mean, **HOW)) == [1.0, 1.0]


def test_nothing_is_within_an_impossible_budget():
    assert within(allocation(), lambda one: mean(one) / 0.1, **HOW) is None


def test_a_cost_that_rises_again_hides_nothing_above_it():
    def share(one):  # dearer in the middle, as where small weights are not rounded
        return 2.0 if 0.2 < mean(one) < 0.4 or mean(one) > 0.7 else 0.9

    assert 0.4 <= mean(within(allocation(), share, **HOW)) <= 0.7
