import itertools

import numpy as np
import pytest

from tfcompress.ops.allocation import allocate, hull


def instance(rng):
    """Items of random points, dearer ones of more value, as ranks have."""
    items = []
    for _ in range(4):
        steps = rng.integers(1, 9, size=(5, 2)).cumsum(axis=0)
        items.append([tuple(map(float, step)) for step in steps])
    return items


def best(items, budget):
    return max(
        sum(v for _, v in choice)
        for choice in itertools.product(*items)
        if sum(c for c, _ in choice) <= budget
    )


def total(items, chosen):
    return np.sum([points[k] for points, k in zip(items, chosen, strict=True)], axis=0)


@pytest.mark.parametrize("seed", range(8))
def test_no_choice_that_costs_no_more_is_worth_more_but_for_one_step(seed):
    rng = np.random.default_rng(seed)
    items = instance(rng)
    least = sum(points[0][0] for points in items)
    for budget in np.linspace(least, 160, 12):
        cost, value = total(items, allocate(items, budget))
        assert cost <= budget
        step = max(
            points[b][1] - points[a][1]
            for points in items
            for a, b in itertools.pairwise(hull(points))
        )
        assert value > best(items, budget) - step


@pytest.mark.parametrize("seed", range(8))
def test_concave_items_are_optimal_wherever_the_steps_fit(seed):
    rng = np.random.default_rng(seed)
    values = -np.sort(-rng.random(size=(3, 6)), axis=1)
    items = [[(float(k), v) for k, v in enumerate(np.cumsum(row))] for row in values]
    for budget in range(16):
        _, value = total(items, allocate(items, budget))
        assert value == pytest.approx(best(items, budget))


def test_what_is_left_goes_to_what_fits():
    items = [[(1, 0), (10, 90)], [(1, 0), (2, 1)]]
    assert allocate(items, budget=5) == [0, 1]


def test_a_budget_that_nothing_fits_has_no_choice():
    assert allocate([[(2, 1)], [(3, 1)]], budget=4) is None


def test_hull_leaves_out_what_is_never_best():
    assert hull([(3, 5), (1, 0), (2, 1), (4, 4)]) == [1, 0]
