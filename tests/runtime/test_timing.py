import time

import numpy as np
import pytest

from tfcompress.runtime.timing import interleaved_medians, ratio_interval


def test_functions_take_turns():
    order = []
    calls = [lambda: order.append("a"), lambda: order.append("b")]
    interleaved_medians(calls, rounds=2, seconds=0)
    # Twice each to learn how long they take; then one warm and one timed call a turn.
    assert "".join(order) == "aabb" + "aabb" * 2


def test_the_median_is_in_microseconds(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def advance(seconds):
        return lambda: clock.__setitem__(0, clock[0] + seconds)

    medians = interleaved_medians([advance(2e-6), advance(5e-6)], rounds=3)
    assert medians == pytest.approx([2, 5])


def test_a_disturbed_round_does_not_count(monkeypatch):
    clock, calls = [0.0], []
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def once():
        calls.append(None)
        clock[0] += 100.0 if len(calls) == 4 else 1.0

    assert interleaved_medians([once], rounds=3, seconds=0) == [1e6]


def test_interval_holds_the_true_ratio_in_about_95_of_100_runs(rng):
    inside = []
    for _ in range(200):
        disturbed = rng.lognormal(0, 0.3, size=(21, 1))  # meets both alike
        times = [100.0, 40.0] * disturbed * rng.lognormal(0, 0.05, size=(21, 2))
        low, high = ratio_interval(times, 1)
        inside.append(low <= 0.4 <= high)
    assert 0.9 <= np.mean(inside) <= 1


def test_four_times_the_rounds_halve_the_interval(rng):
    times = rng.lognormal(0, 0.1, size=(1600, 2))
    few, many = (np.ptp(ratio_interval(times[:n], 1)) for n in (400, 1600))
    assert 0.35 < many / few < 0.7


def test_interval_of_the_first_is_one():
    assert ratio_interval(np.array([[3.0, 1.0], [4.0, 2.0]]), 0) == (1, 1)
