"""Signs as bits."""

import functools
import importlib.util
import math

import numpy as np

from tfcompress import _checks
from tfcompress.runtime.compiled_sign_packing import compiled_sign_packing

WORD = 64


def pack_signs(x, *, numba=None) -> np.ndarray:
    """Returns a bit for each number of the last axis, 1 where it is 0 or above.

    They come in words of 64, the last one filled up with 0.

    Args:
        x: Numbers of shape `(..., width)`.
        numba: Whether to pack float32 in the order of C with numba, which is several
            times faster; None: if it is installed (`pip install tfcompress[xnor]`).

    Raises:
        ValueError: If `x` is a single number.
        TypeError: If `x` are not numbers, or `numba` is neither boolean nor None.

    Example:

    >>> pack_signs(np.array([[1.0, -1.0, 0.0]])).tolist()  # the lowest bit is the first
    [[5]]
    """
    x = np.asarray(x)
    if x.ndim == 0:
        raise _checks.error("x", "have an axis of signs", x.shape)
    if x.ndim != 2:
        *shape, width = x.shape
        words = pack_signs(x.reshape(math.prod(shape), width), numba=numba)
        return words.reshape(*shape, words.shape[1])
    count, width = x.shape
    words = np.zeros((count, -(-width // WORD)), "<u8")
    if choose_numba(numba) and _is_plain(x):
        compiled_sign_packing()(x, words)
        return words
    try:
        signs = x >= 0
    except TypeError:
        raise _checks.error("x", "be numbers", x.dtype, kind=TypeError) from None
    packed = np.packbits(signs, axis=1, bitorder="little")
    words.view("uint8")[:, : packed.shape[1]] = packed
    return words


def _is_plain(x):
    """Whether `x` is what the compiled function takes."""
    return x.dtype == np.float32 and x.flags.carray


def choose_numba(numba) -> bool:
    """Returns `numba`, or if it is None whether numba is installed."""
    return has_numba() if numba is None else _checks.boolean("numba", numba)


@functools.cache
def has_numba() -> bool:
    """Returns whether numba is installed."""
    return importlib.util.find_spec("numba") is not None
