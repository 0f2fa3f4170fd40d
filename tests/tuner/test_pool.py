import pytest
from tuning import VALIDATION, X, network

from tfcompress.sensitivity.activations import Activations
from tfcompress.sensitivity.sensitivity import METHODS, sensitivity
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


def test_every_candidate_is_within_the_budget_and_the_best_comes_first(pool, model):
    estimate = Estimate(model, {"bytes": 2500})
    found = pool.search(estimate, 8, seed=0, **HOW)
    assert all(estimate.share(one.compression) <= 1 for one in found)
    ranks = [one.rank for one in found]
    assert ranks == sorted(ranks, reverse=True)
    assert {"uniform", "search"} <= {one.origin for one in found}
    assert found[0].accuracy == pool.accuracy_of(found[0].compression)


def test_the_best_is_no_worse_than_one_ratio_for_all(pool, model):
    found = pool.search(Estimate(model, {"bytes": 2500}), 8, seed=0, **HOW)
    uniform = [one for one in found if one.origin == "uniform"]
    assert found[0].rank >= max(one.rank for one in uniform)


def test_the_same_seed_finds_the_same(pool, model):
    first, second = (
        pool.search(Estimate(model, {"bytes": 2500}), 5, seed=3, **HOW) for _ in "12"
    )
    assert first == second


def test_nothing_is_found_for_an_impossible_budget(pool, model):
    assert pool.search(Estimate(model, {"bytes": 100}), 8, seed=0, **HOW) == []


def test_the_smallest_has_every_layer_at_its_least(pool):
    for made in pool.smallest("dynamic", 0.5):
        assert isinstance(made, Compression)
        assert [made.choices[name][1] for name in "ab"] == [0.25, 0.25]
