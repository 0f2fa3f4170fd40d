import math

import pytest
from tuning import VALIDATION, X, network

from tfcompress.sensitivity.activations import Activations
from tfcompress.sensitivity.sensitivity import (
    METHODS,
    Sensitivity,
    SensitivityRow,
    sensitivity,
)
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.estimate import Estimate
from tfcompress.tuner.pool import Pool

HOW = {"quantize": "dynamic", "alpha": 0.5}


@pytest.fixture(scope="module")
def model():
    return network()


@pytest.fixture(scope="module")
def pool(model):
    table = sensitivity(model, VALIDATION, ratios=[0.5, 0.25])
    kept = Activations(model, VALIDATION[0])
    return Pool(model, METHODS, table, kept, VALIDATION[1], X[:30])


@pytest.fixture(scope="module")
def estimate(model):
    return Estimate(model, {"bytes": 2500})


@pytest.fixture(scope="module")
def found(pool, estimate):
    return pool.search(estimate, 5, seed=3, **HOW)


def test_every_candidate_is_within_the_budget_and_the_best_comes_first(found, estimate):
    assert all(estimate.share(one.compression) <= 1 for one in found)
    ranks = [one.rank for one in found]
    assert ranks == sorted(ranks, reverse=True)


def test_it_begins_with_one_ratio_for_all_and_with_the_sensitivities(found):
    origins = {one.origin for one in found}
    assert origins == {"uniform", "sensitivity", "search"}
    uniform = [one for one in found if one.origin == "uniform"]
    offsets = {v for one in uniform for v in one.allocation.offsets.values()}
    assert offsets == {0.0}


def test_the_first_of_all_has_one_ratio(pool, estimate):
    [only] = pool.search(estimate, 1, seed=3, **HOW)
    assert only.origin == "uniform"


def test_it_goes_on_from_the_best_so_far(pool, estimate, monkeypatch):
    seen, begun, measured, near = [], [], pool._measured, pool._near

    def noted(*args):
        seen.append(measured(*args))
        return seen[-1]

    def from_here(allocation, *args):
        begun.append((allocation, max(filter(None, seen), key=lambda one: one.rank)))
        return near(allocation, *args)

    monkeypatch.setattr(pool, "_measured", noted)
    monkeypatch.setattr(pool, "_near", from_here)
    pool.search(estimate, 5, seed=3, **HOW)
    assert begun
    assert all(allocation == best.allocation for allocation, best in begun)


def test_accuracies_are_those_before_training(found, pool):
    assert found[0].accuracy == pool.accuracy_of(found[0].compression)


def test_the_same_seed_finds_the_same(found, pool, estimate):
    assert pool.search(estimate, 5, seed=3, **HOW) == found


def test_losses_add_up_as_the_squares_of_distances():
    # To save 100 of 200: 0.3 twice, 0.18 in squares, or 0.5 once, 0.25.
    one = METHODS[0]
    rows = [
        SensitivityRow("a", one, 0.5, 150, 0.9, 0.3),
        SensitivityRow("a", one, 0.1, 100, 0.9, 0.5),
        SensitivityRow("b", one, 0.5, 150, 0.9, 0.3),
    ]
    table = Sensitivity(tuple(rows), 0.9, 200, 10)
    guided = Pool(None, [one], table, None, None, None)._guided(share=2.0)
    assert guided.offsets == {"a": math.log(0.5), "b": math.log(0.5)}


def test_nothing_is_found_for_an_impossible_budget(pool, model):
    nothing = Estimate(model, {"bytes": 100})
    assert pool.search(nothing, 8, seed=0, **HOW) == []


def test_the_smallest_has_every_layer_at_its_least(pool):
    for made in pool.smallest("dynamic", 0.5):
        assert isinstance(made, Compression)
        assert [made.choices[name][1] for name in "ab"] == [0.25, 0.25]
