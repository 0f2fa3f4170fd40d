"""The best few values for many numbers: k-means in one dimension."""

import numpy as np


def linear_start(values, count):
    """Returns `count` values spread evenly from the least to the greatest."""
    return np.linspace(values.min(), values.max(), count)


def density_start(values, count):
    """Returns `count` values with as many numbers between each two of them."""
    return np.quantile(values, (np.arange(count) + 0.5) / count)


def kmeans_start(values, count, seed=0):
    """Returns `count` of the values, each likely to be far from those before it."""
    random = np.random.default_rng(seed)
    values = random.choice(values, min(values.size, 20_000), replace=False)
    chosen = [random.choice(values)]
    squares = (values - chosen[0]) ** 2
    for _ in range(count - 1):
        total = squares.sum()
        odds = squares / total if total else None
        chosen.append(random.choice(values, p=odds))
        squares = np.minimum(squares, (values - chosen[-1]) ** 2)
    return np.array(chosen)


STARTS = {"linear": linear_start, "density": density_start, "kmeans": kmeans_start}


def kmeans(values, count, start="linear", iterations=100):
    """Returns `count` values near to the numbers, in order: Lloyd's algorithm.

    A value that is nearest to no number stays where it was.

    Example:

    >>> numbers = np.array([0.0, 0.2, 0.9, 1.0, 1.1])
    >>> kmeans(numbers, 2).round(6).tolist()
    [0.1, 1.0]
    """
    ordered = np.sort(np.asarray(values, "float64").ravel())
    sums = np.concatenate([[0], np.cumsum(ordered)])
    centres = np.sort(STARTS[start](ordered, count))
    for _ in range(iterations):
        # Sorted numbers: those of one centre lie between two borders.
        borders = np.searchsorted(ordered, (centres[1:] + centres[:-1]) / 2)
        borders = np.concatenate([[0], borders, [ordered.size]])
        sizes, totals = np.diff(borders), np.diff(sums[borders])
        moved = np.where(sizes > 0, totals / np.maximum(sizes, 1), centres)
        if np.array_equal(moved, centres):
            break
        centres = np.sort(moved)
    return centres


def nearest(values, centres):
    """Returns the index of the centre nearest to each number; centres are in order."""
    return np.searchsorted((centres[1:] + centres[:-1]) / 2, values)
