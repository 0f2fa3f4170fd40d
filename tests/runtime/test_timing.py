import time

import pytest

from tfcompress.runtime.timing import interleaved_medians


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
