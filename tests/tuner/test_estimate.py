import math

import pytest
from tuning import network

from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.estimate import Estimate

WHOLE = Compression({})
HALF = Compression({"a": (Units(), 0.5)})


def test_bytes_are_those_of_the_weights_and_what_else_the_last_file_had():
    estimate = Estimate(network(), {"bytes": 4000})
    # 16 x 64 and 64 x 32 in a byte each, all else in four: 32 x 3, and biases.
    weights = 1024 + 2048 + 4 * (96 + 64 + 32 + 3)
    assert estimate.costs(WHOLE)["bytes"] == weights
    estimate.correct(WHOLE, {"bytes": weights + 1000})
    # 16 x 32 is small, and not rounded; 32 x 32 is.
    half = 4 * 512 + 1024 + 4 * (96 + 32 + 32 + 3)
    assert estimate.costs(HALF)["bytes"] == half + 1000
    assert estimate.share(HALF) == (half + 1000) / 4000


def test_times_grow_with_the_multiplications_of_the_last_file():
    estimate = Estimate(network(), {"latency_us": 1.0, "macs": 3168})
    macs = 16 * 64 + 64 * 32 + 32 * 3
    assert estimate.costs(WHOLE)["macs"] == macs
    estimate.correct(WHOLE, {"bytes": 1, "latency_us": 4.0})
    fewer = 16 * 32 + 32 * 32 + 32 * 3
    assert estimate.costs(HALF)["latency_us"] == pytest.approx(4 * fewer / macs)


def test_what_one_method_adds_to_a_file_is_not_charged_to_another():
    thin = Converted(LowRank)
    estimate = Estimate(network(), {"bytes": 4000, "latency_us": 1.0})
    estimate.correct(WHOLE, {"bytes": 4000, "latency_us": 4.0})
    both = Compression({"a": (thin, 0.5), "b": (thin, 0.5)})
    one = Compression({"a": (thin, 0.5)})
    before = [estimate.costs(each) for each in (HALF, both, one)]
    figures = {"bytes": before[1]["bytes"] + 600, "latency_us": 9.0}
    estimate.correct(both, figures)
    after = [estimate.costs(each) for each in (HALF, both, one)]
    assert after[0] == before[0]
    assert after[1]["bytes"] == figures["bytes"]
    assert after[1]["latency_us"] == pytest.approx(9)
    assert after[2]["bytes"] == before[2]["bytes"] + 300  # half of the layers


def test_the_last_file_is_foreseen_as_it_is_where_methods_are_mixed():
    mixed = Compression({"a": (Units(), 0.5), "b": (Converted(LowRank), 0.5)})
    estimate = Estimate(network(), {"bytes": 4000})
    for size in (5000, 7000):
        estimate.correct(mixed, {"bytes": size})
        assert estimate.costs(mixed)["bytes"] == size


def test_zeros_count_where_the_file_leaves_them_out():
    few = {"a": (Zeros(), 0.1)}
    estimate = Estimate(network(), {"bytes": 1})
    dense = estimate.costs(Compression({}, None))["bytes"]
    sparse = estimate.costs(Compression(few, None))["bytes"]
    assert dense - sparse == 4 * 1024 - 5 * 102
    assert estimate.costs(Compression(few))["bytes"] == estimate.costs(WHOLE)["bytes"]


def test_what_is_impossible_costs_more_than_anything():
    estimate = Estimate(network(), {"bytes": 10**9})
    assert estimate.share(Compression({"head": (Converted(LowRank), 0.01)})) == math.inf
