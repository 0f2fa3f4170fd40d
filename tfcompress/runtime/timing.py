"""The time of several functions, measured in turn so that a ratio means something."""

import time

import numpy as np


def interleaved_medians(
    functions, *, rounds: int, seconds: float = 0.0015
) -> list[float]:
    """Returns the median time of one call of each function, in microseconds."""
    times = interleaved_times(functions, rounds=rounds, seconds=seconds)
    return np.median(times, axis=0).tolist()


def interleaved_times(functions, *, rounds: int, seconds: float = 0.0015) -> np.ndarray:
    """Returns the times of one call, `(rounds, functions)`, in microseconds.

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
    return times * 1e6


def ratio_interval(times: np.ndarray, index: int) -> tuple[float, float]:
    """Returns the 95 % interval of a function's median over that of the first.

    By the bootstrap: the rounds, each with the times of all functions, are drawn anew
    a thousand times, with repetition. It tells how far the rounds of one run leave the
    ratio open; a machine that is busy in another way later is not in it.

    Args:
        times: As `interleaved_times` returns them.
        index: Number of the function.
    """
    random = np.random.default_rng(0)
    drawn = times[random.integers(0, len(times), (1000, len(times)))]
    medians = np.median(drawn, axis=1)
    low, high = np.percentile(medians[:, index] / medians[:, 0], [2.5, 97.5])
    return float(low), float(high)


def _once(function) -> float:
    function()  # the first call may still allocate
    start = time.perf_counter()
    function()
    return max(time.perf_counter() - start, 1e-7)
