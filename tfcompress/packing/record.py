"""One weight in an archive: the smallest of its forms, read by rows or by columns."""

import dataclasses
import io
import math

import numpy as np

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.codebook import has_few_values
from tfcompress.packing.forms import FORMS, Indexed, Planes, Sparse, Whole
from tfcompress.packing.frequency import Frequency
from tfcompress.packing.streams import Reader, Writer

COLUMNS = 16
SMALL = 1024
FREQUENCY = len(FORMS)


@dataclasses.dataclass(frozen=True)
class Record:
    """How a weight is stored.

    Args:
        form: The form's name.
        stored: Its bytes.
    """

    form: str
    stored: bytes


def record_of(array: np.ndarray) -> Record:
    """Returns the smallest record from which `array` comes back bit by bit."""
    best = None
    for column, bits in enumerate(_orders(array)):
        for number in _worth_trying(bits, column):
            writer = Writer()
            writer.byte(number + COLUMNS * column)
            if not FORMS[number].write(writer, bits, array.dtype):
                continue
            if best is None or len(writer.parts) < len(best.stored):
                order = ", by columns" * column
                best = Record(FORMS[number].name + order, bytes(writer.parts))
    return best


def frequency_record(array: np.ndarray, error: float) -> Record | None:
    """Returns a record of `array` in frequencies; None if it does not suit.

    Args:
        array: Convolution kernel, its last two axes those of the channels.
        error: Greatest root mean square of the error.
    """
    writer = Writer()
    writer.byte(FREQUENCY)
    if not Frequency.write(writer, array, error):
        return None
    return Record(Frequency.name, bytes(writer.parts))


def read_back(record: Record, shape: tuple, dtype) -> np.ndarray:
    """Returns the weight that `record` holds."""
    size = len(record.stored)
    return read_record(Reader(io.BytesIO(record.stored), size), shape, dtype)


def read_record(reader: Reader, shape: tuple, dtype: np.dtype) -> np.ndarray:
    """Returns the weight of this shape and type that a record holds."""
    head = reader.byte()
    column, number = divmod(head, COLUMNS)
    if column > 1 or number > FREQUENCY:
        raise ArchiveError(f"the archive names a form {head} that there is not")
    if number == FREQUENCY:
        array = Frequency.read(reader, shape, dtype)
    else:
        count, width = layout(shape, dtype)
        array = FORMS[number].read(reader, count, width).view(dtype)
        array = array.reshape(shape[::-1]).T if column else array.reshape(shape)
    reader.finish()
    return array


def layout(shape: tuple, dtype: np.dtype) -> tuple[int, int]:
    """Returns how many numbers of how many bytes the forms see in a weight."""
    width = next(w for w in (8, 4, 2, 1) if dtype.itemsize % w == 0)
    return math.prod(shape) * (dtype.itemsize // width), width


def bits_of(array: np.ndarray) -> np.ndarray:
    """Returns `array` by rows, as the whole numbers whose bits it has."""
    width = layout(array.shape, array.dtype)[1]
    return np.ascontiguousarray(array).ravel().view(f"<u{width}")


def _worth_trying(bits, column):
    """Returns the numbers of the forms among which the smallest is, in all likelihood."""
    if not bits.size:
        return [FORMS.index(Whole)]
    if bits.size <= SMALL:
        return range(len(FORMS))
    # lzma takes a second per megabyte: it is spared what others are sure to do better.
    found = [Indexed] * has_few_values(bits) + [Sparse] * Sparse.suits(bits)
    if not found and not column:
        found = [Whole] if bits.itemsize == 1 else [Planes]
    return [FORMS.index(form) for form in found]


def _orders(array):
    """Yields the numbers in `array` by rows and, where that differs, by columns."""
    rows = bits_of(array)
    yield rows
    if sum(size > 1 for size in array.shape) > 1 and rows.size == array.size:
        yield bits_of(array.T)
