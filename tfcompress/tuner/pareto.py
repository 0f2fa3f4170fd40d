"""Trials that no other one beats."""


def pareto(trials) -> list:
    """Returns the trials that no other is as small and as accurate as, by bytes.

    >>> import collections
    >>> One = collections.namedtuple("One", "bytes accuracy")
    >>> [t.bytes for t in pareto([One(3, 0.9), One(1, 0.5), One(2, 0.4), One(3, 0.8)])]
    [1, 3]
    """
    front = []
    for trial in sorted(trials, key=lambda one: (one.bytes, -one.accuracy)):
        if not front or trial.accuracy > front[-1].accuracy:
            front.append(trial)
    return front
