"""Normal numbers that follow from their position and a seed, on any platform."""

import math

import numpy as np
from keras import ops

from tfcompress.ops import hashing


def normal_numbers(index, seed: int, xp=np):
    """Returns standard normal numbers at the places `index`.

    The Box-Muller transform of two hashes. With `xp=keras.ops` they are computed by
    operations of a graph, and equal those of NumPy up to rounding.

    >>> numbers = normal_numbers(np.arange(100000), seed=1)
    >>> print(numbers.mean().round(2), numbers.std().round(2))
    0.0 1.0
    """
    hash30 = hashing.hash30 if xp is np else hashing.hash30_in_graph
    first, second = hashing.seeds(seed)
    # Halves are added before the division: no logarithm of 0, and none above 0.
    radius = xp.sqrt(-2.0 * xp.log((_float(hash30(index, first), xp) + 0.5) / 2**30))
    angle = _float(hash30(index, second), xp) * (2 * math.pi / 2**30)
    return radius * xp.cos(angle)


def _float(whole, xp):
    # A float32 has 24 bits of the 30: what is rounded is then rounded alike.
    whole = whole // 64 * 64
    return whole.astype("float32") if xp is np else ops.cast(whole, "float32")
