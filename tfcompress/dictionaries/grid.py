"""Weights whose rows are pixels: where each row lies."""

import numbers

import numpy as np

from tfcompress import _checks


def checked_grid(grid):
    """Returns `grid`, sizes of the axes of an image, as a tuple; None stays None."""
    if grid is None:
        return None
    one = isinstance(grid, numbers.Number)
    sizes = (grid,) if one else _checks.several("grid", grid, "sizes")
    return tuple(_checks.integer("grid", size) for size in sizes)


def grid_of(grid, shape):
    """Returns the grid of a weight and how many channels each of its points has.

    `shape` is that of the weight without its last axis. Where no `grid` was given, a
    convolution has its window, and a matrix none.
    """
    features = int(np.prod(shape))
    if grid is None:
        if len(shape) < 2:
            rule = f"be given for a weight of {features} rows in no known order"
            remedy = "For 28 x 28 pixels it is (28, 28)."
            raise _checks.error("grid", rule, grid, remedy=remedy)
        grid = tuple(shape[:-1])
    points = int(np.prod(grid))
    if features % points:
        rule = (
            f"have a number of points that divides {features}, the rows of the weight"
        )
        raise _checks.error("grid", rule, grid)
    return grid, features // points


def coordinates(points, grid, xp=np):
    """Returns the coordinates on `grid` of `points`, indices in row-major order.

    >>> [c.tolist() for c in coordinates(np.array([0, 5]), (2, 3))]
    [[0, 1], [0, 2]]
    """
    found = []
    for size in reversed(grid):
        found.append(xp.mod(points, size))
        points = points // size
    return found[::-1]


def subset(features, count, seed):
    """Returns `count` of `features` indices, chosen by `seed`, in order."""
    chosen = np.random.default_rng(seed).choice(features, size=count, replace=False)
    return np.sort(chosen).astype("int32")
