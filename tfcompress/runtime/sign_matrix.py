"""A matrix of signs, kept as bits for products by XNOR and a count of bits."""

import numpy as np

from tfcompress import _checks
from tfcompress.runtime.compiled_sign_product import LANES, compiled_sign_product
from tfcompress.runtime.sign_bits import choose_numba, pack_signs

FLOAT = np.dtype("float32")
LINE = 64  # bytes that processors load at once


class SignMatrix:
    r"""A matrix of signs that is packed once, for many products.

    $x \cdot w = n - 2\, \mathrm{popcount}(x \oplus w)$ for $n$ signs each. A number of
    0 or above counts as +1, any other as -1.

    Args:
        signs: Array of shape `(inputs, units)`.
        numba: Whether to compute with numba, which is many times faster; None: if it
            is installed (`pip install tfcompress[xnor]`). The results are the same.

    Raises:
        ValueError: If `signs` is not a matrix.
        TypeError: If it is not of numbers, or `numba` is neither boolean nor None.

    Example:

    >>> matrix = SignMatrix(np.array([[1.0], [-1.0], [1.0]]))
    >>> matrix.product(pack_signs(np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 1.0]]))).tolist()
    [[1.0], [3.0]]
    """

    def __init__(self, signs, *, numba=None):
        signs = np.asarray(signs)
        if signs.ndim != 2:
            raise _checks.error("signs", "have two axes", signs.shape)
        if signs.dtype.kind not in "biuf":
            raise _checks.error("signs", "be numbers", signs.dtype, kind=TypeError)
        self.inputs, self.units = signs.shape
        columns = pack_signs(signs.T)
        if choose_numba(numba):
            self._columns = _tiles(columns)
            self._width = len(self._columns) * LANES
            self._multiply = compiled_sign_product()
        else:
            # NumPy adds up whole columns of the memory faster than many short rows.
            self._columns = np.asfortranarray(columns)
            self._width = self.units
            self._multiply = _multiply

    def product(self, rows) -> np.ndarray:
        """Returns `x @ signs` as float32, for `rows = pack_signs(x)`.

        Raises:
            ValueError: If `rows` are not packed signs, or those of another width.
        """
        try:
            out = np.empty((len(rows), self._width), FLOAT)
            self._multiply(rows, self._columns, self.inputs, out)
        except (TypeError, ValueError):  # asked first, it would cost one row a tenth
            rule = f"be `pack_signs` of an array of shape (batch, {self.inputs})"
            received = f"{np.asarray(rows).dtype} of shape {np.shape(rows)}"
            raise _checks.error("rows", rule, received) from None
        return out if self._width == self.units else out[:, : self.units]


def _tiles(columns):
    """Returns columns as the compiled product reads them: one stream of vectors.

    Eight columns at a time lie side by side, a word of each in a vector; missing ones
    are 0. Vectors begin where the processor's lines do, or each would take two.
    """
    units, words = columns.shape
    shape = (-(-units // LANES), words, LANES)
    filled = np.zeros((shape[0] * LANES, words), columns.dtype)
    filled[:units] = columns
    room = np.empty(filled.nbytes + LINE, "uint8")
    begin = -room.ctypes.data % LINE
    tiles = room[begin : begin + filled.nbytes].view(columns.dtype).reshape(shape)
    tiles[:] = filled.reshape(-1, LANES, words).transpose(0, 2, 1)
    return tiles


def _multiply(rows, columns, inputs, out):
    """Writes the products with NumPy, a row at a time."""
    if np.shape(rows)[1:] != columns.shape[1:]:
        raise ValueError("rows and columns differ in their words")
    for row, result in zip(rows, out, strict=True):
        result[:] = _count(row ^ columns)
    np.multiply(out, -2, out=out)
    np.add(out, inputs, out=out)


def _count(words):
    """Returns the number of bits that are 1 in each row of words."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words).sum(axis=1, dtype="int32")
    octets = np.ascontiguousarray(words).view("uint8")
    return np.unpackbits(octets, axis=1).sum(axis=1, dtype="int32")
