"""A weight with fewer values than it has, where a user asks for that."""

import dataclasses

import ml_dtypes
import numpy as np

from tfcompress.packing.contents import Tensor
from tfcompress.packing.entropy import entropy_bound
from tfcompress.packing.frequency import suits
from tfcompress.packing.record import (
    Record,
    bits_of,
    frequency_record,
    read_back,
    record_of,
)
from tfcompress.packing.shared_values import share_values


@dataclasses.dataclass(frozen=True)
class Stored:
    """A weight as it will be stored.

    Args:
        record: Its record.
        bound: The least bytes for its values, if they were independent.
        max_error: Greatest absolute difference from what it was.
    """

    record: Record
    bound: float
    max_error: float


def exact(array: np.ndarray) -> Stored:
    """Returns `array` as it is."""
    return Stored(record_of(array), entropy_bound(bits_of(array)), 0.0)


def approximation(tensor: Tensor, array: np.ndarray, bits: int) -> Stored | None:
    """Returns `array` with few values, or in frequencies if that is smaller.

    None where that is not asked for: of weights of one axis, of whole numbers, and of
    those that are not finite.
    """
    numbers = _floats(tensor, array)
    if numbers is None or array.ndim < 2 or not array.size:
        return None
    if not np.isfinite(numbers).all():
        return None
    shared = share_values(numbers, bits).view(array.dtype)
    record = record_of(shared)
    bound = entropy_bound(bits_of(shared))
    error = greatest_error(tensor, shared, array)
    if error and suits(array.shape, array.dtype):
        off = shared.astype("float64") - numbers
        other = frequency_record(array, float(np.sqrt(np.mean(off**2))))
        if other is not None and len(other.stored) < len(record.stored):
            made = read_back(other, array.shape, array.dtype)
            return Stored(other, bound, greatest_error(tensor, made, array))
    return Stored(record, bound, error)


def greatest_error(tensor: Tensor, array: np.ndarray, right: np.ndarray) -> float:
    """Returns the greatest absolute difference; infinite if there is no such thing."""
    one, other = _floats(tensor, array), _floats(tensor, right)
    if one is None:
        return 0.0 if array.tobytes() == right.tobytes() else np.inf
    off = np.abs(one.astype("float64") - other.astype("float64"))
    return float(np.nan_to_num(off, nan=np.inf).max(initial=0))


def _floats(tensor, array):
    """Returns `array` as floating-point numbers; None if it holds others."""
    if tensor.attributes.get("dtype") == "bfloat16" and array.dtype.itemsize == 2:
        return array.view(ml_dtypes.bfloat16)
    return array if array.dtype.kind == "f" else None
