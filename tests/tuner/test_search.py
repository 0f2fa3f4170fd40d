import dataclasses
import math
import pathlib
import types

import pytest

from tfcompress.methods.units import Units
from tfcompress.tuner.allocation import Allocation
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.pool import Candidate
from tfcompress.tuner.search import Search
from tfcompress.tuner.trial import Trial


class Roomy:
    """An estimate under which everything is within."""

    def share(self, compression):
        return 1.0


def candidate(a, b):
    offsets = {"a": math.log(a), "b": math.log(b)}
    one = Allocation(dict.fromkeys("ab", Units()), offsets, {"a": 0.1, "b": 0.1})
    return Candidate(one, one.at(0.0, "dynamic", 0.5), 0.5, 0.5, "search")


def search(runs=()):
    one = Search(None, [None, None], Compression({}), 1, 10, 0, 0)
    # The ratios stay: each is judged as it is.
    one._within = lambda candidate, estimate: candidate.compression
    for candidate, pool, score in runs:
        trial = Trial(pathlib.Path("x"), candidate.compression, score=score)
        one._runs.append((candidate, pool, trial))
    return one


FIRST, NEAR, FAR, OTHER = (
    candidate(0.5, 0.5),
    candidate(0.55, 0.5),
    candidate(0.25, 0.9),
    candidate(0.8, 0.1),
)
FOUND = [[FIRST, NEAR, FAR], [OTHER, candidate(0.1, 0.1)]]


def test_the_best_of_each_pool_comes_first():
    assert search()._next(FOUND, Roomy()) == (FIRST, 0)
    assert search([(FIRST, 0, 0.9)])._next(FOUND, Roomy()) == (OTHER, 1)


@pytest.mark.parametrize(("score", "expected"), [(0.5, FAR), (0.95, FOUND[1][1])])
def test_then_the_pool_that_did_best_goes_on_with_what_is_different(score, expected):
    chosen, _ = search([(FIRST, 0, 0.9), (OTHER, 1, score)])._next(FOUND, Roomy())
    assert chosen == expected


def test_one_ratio_for_all_comes_before_others_of_the_pool_that_did_best():
    uniform = dataclasses.replace(candidate(0.3, 0.3), origin="uniform")
    found = [[FIRST, FAR, uniform]]
    assert search([(FIRST, 0, 0.9)])._next(found, Roomy()) == (uniform, 0)


@pytest.mark.parametrize(
    ("sizes", "count", "smallest"), [([9], 3, 1), ([9, 4], 3, 0), ([9, 8, 7], 3, 0)]
)
def test_nothing_is_out_of_reach_before_the_smallest_was_tried(sizes, count, smallest):
    ran, left = [], list(sizes)
    one = search()
    one.bench = types.SimpleNamespace(budget=Budget(bytes=5))
    one._estimate = lambda limits: None
    one._looked_for = lambda estimate, count: FOUND
    one._next = lambda found, estimate: (left.pop(0),) if left else None
    one._run = lambda size, estimate: one.trials.append(Trial(".", bytes=size))
    one._run_smallest = ran.append
    one.run(count)
    assert len(ran) == smallest


def test_when_all_is_tried_there_is_none():
    runs = [(one, i, 0.5) for i, pool in enumerate(FOUND) for one in pool]
    assert search(runs)._next(FOUND, Roomy()) is None
