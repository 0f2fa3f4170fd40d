"""Signs as bits, and products of matrices of signs by XNOR and a count of bits."""

import functools
import importlib.util

import numpy as np

from tfcompress.runtime.compiled_sign_product import compiled_sign_product

WORD = 64


def pack_signs(x) -> np.ndarray:
    """Returns a bit for each number of the last axis, 1 where it is 0 or above.

    They come in words of 64, the last one filled up with 0.

    Example:

    >>> pack_signs(np.array([[1.0, -1.0, 0.0]])).tolist()  # the lowest bit is the first
    [[5]]
    """
    x = np.asarray(x)
    packed = np.packbits(x >= 0, axis=-1, bitorder="little")
    missing = -packed.shape[-1] % (WORD // 8)
    if missing:
        packed = np.pad(packed, [(0, 0)] * (packed.ndim - 1) + [(0, missing)])
    return np.ascontiguousarray(packed).view("<u8")


def sign_product(rows, columns, width: int, *, numba=None) -> np.ndarray:
    r"""Returns the products of rows and columns of signs, as float32.

    $x \cdot w = n - 2\, \mathrm{popcount}(x \oplus w)$ for $n$ signs each.

    Args:
        rows: Packed signs of shape `(batch, words)`.
        columns: Packed signs of shape `(units, words)`, one row for each column.
        width: The number $n$ of signs in each.
        numba: Whether to compute with numba, which is many times faster; None: if it
            is installed (`pip install tfcompress[xnor]`).

    Example:

    >>> signs = np.array([[1.0, -1.0, 1.0]])
    >>> sign_product(pack_signs(signs), pack_signs(signs), 3, numba=False).item()
    3.0
    """
    out = np.empty((len(rows), len(columns)), "float32")
    if has_numba() if numba is None else numba:
        compiled_sign_product()(rows, columns, width, out)
        return out
    for row, result in zip(rows, out, strict=True):
        result[:] = _count(row ^ columns)
    np.multiply(out, -2, out=out)
    return np.add(out, width, out=out)


def _count(words):
    """Returns the number of bits that are 1 in each row of words."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words).sum(axis=1, dtype="int32")
    return np.unpackbits(words.view("uint8"), axis=1).sum(axis=1, dtype="int32")


@functools.cache
def has_numba() -> bool:
    """Returns whether numba is installed."""
    return importlib.util.find_spec("numba") is not None
