"""Sets of numbers that only ever merge."""

import numpy as np


class Union:
    """Disjoint sets of 0, 1, 2, ...; each set is known by its smallest member.

    Example:

    >>> from tfcompress.surgery.union import Union
    >>> union = Union()
    >>> first, second = union.add(3), union.add(3)
    >>> union.unite(first, second)
    >>> print(union.roots(second))
    [0 1 2]
    """

    def __init__(self):
        self._parents = []

    def __len__(self):
        return len(self._parents)

    def add(self, count: int) -> np.ndarray:
        """Returns `count` new numbers, each alone in its set."""
        start = len(self._parents)
        self._parents.extend(range(start, start + count))
        return np.arange(start, start + count)

    def unite(self, first, second):
        """Merges the set of each number of `first` with that of its partner."""
        for one, other in zip(first, second, strict=True):
            low, high = sorted((self._root(one), self._root(other)))
            self._parents[high] = low

    def roots(self, numbers) -> np.ndarray:
        """Returns the smallest member of the set of each number."""
        return np.array([self._root(number) for number in numbers], int)

    def _root(self, number):
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return int(number)
