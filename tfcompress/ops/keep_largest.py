"""The choice of the largest scores, by their exact number."""

import numpy as np


def keep_largest(scores, alive, sparsity):
    r"""Marks the largest of all scores, in arrays that are compared with each other.

    Of $n$ scores $k = round(n (1 - s))$ are kept. Every kept score is at least as
    large as every one that is not; equal scores are kept from the first position on.
    What is not alive is never kept, and of each array at least one score is, its
    largest: a weight with nothing left would cut the network in two.

    The threshold is found by partition, not by sorting.

    Args:
        scores: List of float arrays, finite.
        alive: List of bool arrays of the same shapes, each with a True.
        sparsity: Float in [0, 1), the share that is not kept.

    Returns:
        List of bool arrays, True where kept.

    Example:

    >>> scores, alive = [np.array([5.0, 1.0, 4.0, 3.0])], [np.ones(4, bool)]
    >>> keep_largest(scores, alive, 0.5)
    [array([ True, False,  True, False])]
    """
    costs, living = _costs(scores, alive)
    for part in np.split(costs, _ends(scores)) if len(scores) > 1 else ():  # views
        part[np.argmin(part)] = -np.inf
    count = max(round(costs.size * (1 - sparsity)), len(scores))
    return _cheapest(costs, min(count, np.count_nonzero(living)), scores)


def keep_count(scores, alive, count):
    """Marks the `count` largest of all living scores, or all, if there are fewer.

    Unlike `keep_largest` it may keep nothing of an array.

    Example:

    >>> keep_count([np.array([5.0, 1.0, 4.0])], [np.array([False, True, True])], 1)
    [array([False, False,  True])]
    """
    costs, living = _costs(scores, alive)
    return _cheapest(costs, min(count, np.count_nonzero(living)), scores)


def _costs(scores, alive):
    """Returns the scores, negated and joined, and what of them is alive."""
    scores, living = _joined(scores), _joined(alive)
    # Arithmetic in place of `where`, which a random mask makes ten times as slow.
    costs = ~living * np.finfo(scores.dtype).max
    costs -= scores
    return costs, living


def _cheapest(costs, count, scores):
    """Marks the `count` least costs, in arrays of the shapes of `scores`."""
    if count:
        # The k-th least cost, not the k-th largest score: numpy's partition takes 20
        # times as long where most values are equal and least, as those of the dead.
        threshold = np.partition(costs, count - 1)[count - 1]
        kept = costs <= threshold
        surplus = np.count_nonzero(kept) - count
        if surplus:  # of the scores equal to the threshold the last
            kept[np.flatnonzero(costs == threshold)[-surplus:]] = False
    else:
        kept = np.zeros(costs.size, bool)
    shapes = [array.shape for array in scores]
    parts = zip(np.split(kept, _ends(scores)), shapes, strict=True)
    return [part.reshape(shape) for part, shape in parts]


def _ends(arrays):
    return np.cumsum([array.size for array in arrays])[:-1]


def _joined(arrays):
    flat = [np.ravel(array) for array in arrays]
    return flat[0] if len(flat) == 1 else np.concatenate(flat)
