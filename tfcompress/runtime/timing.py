"""The time of several functions, measured in turn so that a ratio means something."""

import time

import numpy as np


def interleaved_medians(
    functions, *, rounds: int, seconds: float = 0.0015
) -> list[float]:
    """Returns the median time of one call of each function, in microseconds.

    In each round every function is called once to warm up, then for about `seconds`.
    What else the machine does so meets all functions alike, and the median drops the
    rounds that it disturbed.

    Args:
        functions: Functions without arguments.
        rounds: How often each function has its turn.
        seconds: Length of one turn.
    """
    repeats = [max(1, round(seconds / _once(function))) for function in functions]
    times = np.empty((rounds, len(functions)))
    for turn in times:
        for index, function in enumerate(functions):
            function()  # the others have had the caches since
            start = time.perf_counter()
            for _ in range(repeats[index]):
                function()
            turn[index] = (time.perf_counter() - start) / repeats[index]
    return (np.median(times, axis=0) * 1e6).tolist()


def _once(function) -> float:
    function()  # the first call may still allocate
    start = time.perf_counter()
    function()
    return max(time.perf_counter() - start, 1e-7)
