"""One choice for each of several items, of the greatest value under one budget."""

import itertools

import numpy as np

Points = list[tuple[float, float]]


def allocate(items: list[Points], budget: float) -> list[int] | None:
    r"""Returns the index of the point chosen for each item; None if nothing fits.

    Each item has points (cost, value), and one of them is chosen. All steps along the
    upper concave hulls of the items are taken in the order of value per cost. Where
    this stops, the choice is optimal for what it costs: with $\lambda$ the value per
    cost of the last step, each item's point maximises value $- \lambda\,$cost by
    itself, so a choice of other points that costs no more is worth no more. What
    is left of the budget, where the next step does not fit, goes to what fits.

    >>> allocate([[(1, 0), (2, 5), (3, 6)], [(1, 0), (3, 8)]], budget=5)
    [1, 1]
    """
    hulls = [hull(points) for points in items]
    chosen = [first for first, *_ in hulls]
    left = budget - sum(items[i][k][0] for i, k in enumerate(chosen))
    if left < 0:
        return None
    steps = sorted(
        (
            (_slope(items[i][a], items[i][b]), i, b)
            for i, one in enumerate(hulls)
            for a, b in itertools.pairwise(one)
        ),
        key=lambda step: -step[0],
    )
    for _, i, k in steps:
        cost = items[i][k][0] - items[i][chosen[i]][0]
        if cost > left:
            break
        chosen[i], left = k, left - cost
    return _filled(items, chosen, left)


def hull(points: Points) -> list[int]:
    """Returns the indices of the points on the upper concave hull, by rising cost.

    >>> hull([(1, 0), (2, 1), (3, 5), (4, 5)])
    [0, 2]
    """
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    found = order[:1]
    for i in order[1:]:
        if points[i][1] <= points[found[-1]][1]:
            continue
        while len(found) > 1 and _slope(points[found[-2]], points[found[-1]]) <= _slope(
            points[found[-1]], points[i]
        ):
            found.pop()
        found.append(i)
    return found


def _filled(items, chosen, left):
    while True:
        best = None
        for i, points in enumerate(items):
            here = points[chosen[i]]
            for k, point in enumerate(points):
                better = point[1] > here[1] and point[0] - here[0] <= left
                if better and (best is None or _slope(here, point) > best[0]):
                    best = _slope(here, point), i, k
        if best is None:
            return chosen
        _, i, k = best
        left -= items[i][k][0] - items[i][chosen[i]][0]
        chosen[i] = k


def _slope(first, second):
    cost = second[0] - first[0]
    return (second[1] - first[1]) / cost if cost > 0 else np.inf
