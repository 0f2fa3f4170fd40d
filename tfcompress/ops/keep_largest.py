"""The choice of the largest scores, by their exact number."""

import numpy as np

# Of so many scores one is looked at to guess the threshold; a prime, for the rows of
# weights have lengths that share factors with most other numbers.
STRIDE = 61
# Arrays with fewer scores are partitioned as a whole.
FEW = 8192


def keep_largest(scores, alive, sparsity):
    r"""Marks the largest of all scores, in arrays that are compared with each other.

    Of $n$ scores $k = round(n (1 - s))$ are kept. Every kept score is at least as
    large as every one that is not; equal scores are kept from the first position on.
    What is not alive is never kept, and of each array at least one score is, its
    largest: a weight with nothing left would cut the network in two.

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
    size = sum(array.size for array in scores)
    count = max(round(size * (1 - sparsity)), len(scores))
    kept = keep_count(scores, alive, count)
    if all(part.any() for part in kept):
        return kept
    # Rarely an array is left with nothing: then the largest of each is set apart.
    largest = [
        np.argmax(np.where(living, array, -np.inf))
        for array, living in zip(scores, alive, strict=True)
    ]
    others = [living.copy() for living in alive]
    for part, position in zip(others, largest, strict=True):
        part.flat[position] = False
    kept = keep_count(scores, others, count - len(scores))
    for part, position in zip(kept, largest, strict=True):
        part.flat[position] = True
    return kept


def keep_count(scores, alive, count):
    """Marks the `count` largest of all living scores, or all, if there are fewer.

    Unlike `keep_largest` it may keep nothing of an array.

    Example:

    >>> keep_count([np.array([5.0, 1.0, 4.0])], [np.array([False, True, True])], 1)
    [array([False, False,  True])]
    """
    kept = [living.copy() for living in alive]
    total = sum(np.count_nonzero(living) for living in alive)
    if count <= 0:
        return [np.zeros_like(part) for part in kept]
    if total > count:
        gone = _least([np.ravel(s) for s in scores], alive, total - count, total)
        for part, positions in zip(kept, gone, strict=True):
            part.flat[positions] = False
    return kept


def _least(scores, alive, number, total):
    """Returns the positions of the `number` least living scores, for each array.

    After Floyd and Rivest: a sample tells of almost all scores that they are not among
    the least; only the rest is partitioned. From update to update few scores go, so the
    rest is small, and the cost is that of one comparison.
    """
    alive = [np.ravel(living) for living in alive]
    bound = _bound(scores, alive, number / total)
    below = [
        np.flatnonzero((s <= bound) & a) for s, a in zip(scores, alive, strict=True)
    ]
    if sum(map(len, below)) < number:  # the sample has misled; the result never does
        below = [np.flatnonzero(living) for living in alive]
    values = [s[positions] for s, positions in zip(scores, below, strict=True)]
    values = values[0] if len(values) == 1 else np.concatenate(values)
    threshold = np.partition(values, number - 1)[number - 1]
    gone = values < threshold
    # Of the scores equal to the threshold the last.
    equal = np.flatnonzero(values == threshold)
    gone[equal[len(equal) - (number - np.count_nonzero(gone)) :]] = True
    parts = np.split(gone, np.cumsum([len(positions) for positions in below])[:-1])
    return [positions[part] for positions, part in zip(below, parts, strict=True)]


def _bound(scores, alive, share):
    """Returns a number above most likely the share of least living scores."""
    if sum(array.size for array in scores) < FEW:
        return np.inf
    pairs = zip(scores, alive, strict=True)
    sample = np.concatenate([s[::STRIDE][a[::STRIDE]] for s, a in pairs])
    spread = np.sqrt(len(sample) * share * (1 - share))
    rank = int(len(sample) * share + 4 * spread) + 1
    return np.inf if rank >= len(sample) else np.partition(sample, rank)[rank]
