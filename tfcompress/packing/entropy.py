"""How small a code could make a weight, if its entries were drawn independently."""

import numpy as np


def entropy_bound(bits: np.ndarray) -> float:
    r"""Returns the least bytes for the numbers `bits`.

    $$ \tfrac18 \left( n\, H(p) + n p\, H(v) \right) + \lvert v \rvert\, b $$

    $p$ is the share that is not zero, $H(v)$ the entropy of those values, and their
    list of $b$ bytes each is counted; or all $n$ numbers as they are, if that is less.
    Structure, such as whole rows of zeros, can make a code smaller than this.

    >>> entropy_bound(np.uint32([0, 7, 0, 7, 7, 0, 0, 7]))  # a bit each, and the 7
    5.0
    """
    if not bits.size:
        return 0.0
    kept = bits[bits != 0]
    _, counts = np.unique(kept, return_counts=True)
    where = bits.size * _entropy([kept.size, bits.size - kept.size])
    coded = (where + kept.size * _entropy(counts)) / 8 + len(counts) * bits.itemsize
    return float(min(coded, bits.nbytes))


def _entropy(counts):
    shares = np.asarray(counts, "float64")
    shares = shares[shares > 0] / max(shares.sum(), 1)
    return float(-(shares * np.log2(shares)).sum())
