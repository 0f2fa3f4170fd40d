"""Times several actions in turns, so that all of them meet the same machine."""

import statistics
import time


def medians(actions, *, rounds, repeats=1, clock=time.perf_counter):
    """Returns the median seconds of each of `actions`, a dict of callables.

    In every round each action runs once, `repeats` times in a row; what disturbs the
    machine then disturbs all alike, and a ratio of medians means something. Where others
    keep the processor busy, `clock=time.process_time` leaves out the time that it was
    theirs, which falls on long actions and spares short ones.
    """
    for action in actions.values():
        action()
    times = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            begin = clock()
            for _ in range(repeats):
                action()
            times[name].append((clock() - begin) / repeats)
    return {name: statistics.median(values) for name, values in times.items()}


def ratios(seconds, to):
    """Returns milliseconds and the ratio to the entry `to`, for each name."""
    return {
        name: {
            "ms": round(1e3 * value, 3),
            f"ratio to {to}": round(value / seconds[to], 3),
        }
        for name, value in seconds.items()
    }
