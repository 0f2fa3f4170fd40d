"""The few values that stand for many: k-means in one dimension."""

import numpy as np


def share_values(array: np.ndarray, bits: int) -> np.ndarray:
    r"""Returns `array` with at most $2^{bits}$ different values; zeros stay zeros.

    The values are the means of k-means from a linear start, which keeps large weights
    better than a start by density. Where there are zeros, zero is one of the values.

    >>> share_values(np.float32([0, 1, 2, 10]), bits=1).tolist()  # zero and one more
    [0.0, 4.333333492279053, 4.333333492279053, 4.333333492279053]

    Args:
        array: Finite floating-point numbers.
        bits: The number of bits that tell the values apart, 1 to 8.

    References:
        S. Han, H. Mao, W. J. Dally (2016), "Deep Compression", arXiv:1510.00149.
    """
    zero = array == 0
    kept = array[~zero]
    count = 2**bits - bool(zero.any())
    if len(np.unique(kept)) > count:
        kept = _means(kept, count)
    shared = np.zeros_like(array)
    shared[~zero] = kept
    return shared


def _means(values, count):
    ordered = np.sort(values.astype("float64"))
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    means = np.linspace(ordered[0], ordered[-1], count)
    cuts = None
    for _ in range(200):
        ends = np.searchsorted(ordered, (means[1:] + means[:-1]) / 2)
        new = np.concatenate([[0], ends, [len(ordered)]])
        if cuts is not None and (new == cuts).all():
            break
        cuts = new
        sizes = np.diff(cuts)
        # A value that stands for none stays where it is.
        means = np.where(sizes, np.diff(sums[cuts]) / np.maximum(sizes, 1), means)
    nearest = np.searchsorted((means[1:] + means[:-1]) / 2, values.astype("float64"))
    return means.astype(values.dtype)[nearest]
