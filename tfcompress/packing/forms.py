"""The forms in which a weight can be stored without loss."""

import numpy as np

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.codebook import (
    MOST,
    codebook_of,
    read_codebook,
    write_codebook,
)
from tfcompress.packing.streams import Reader, Writer

ESCAPE = 255
BATCH = 1 << 14


class Whole:
    """The bytes as they are."""

    name = "whole"

    @staticmethod
    def write(writer: Writer, bits, dtype) -> bool:
        writer.stream(bits.tobytes())
        return True

    @staticmethod
    def read(reader: Reader, count, width):
        return np.frombuffer(reader.stream(count * width), f"<u{width}")


class Planes:
    """The bytes by their place in the number: signs and exponents are alike."""

    name = "byte planes"

    @staticmethod
    def write(writer, bits, dtype) -> bool:
        if bits.itemsize == 1:
            return False
        _write_planes(writer, bits)
        return True

    @staticmethod
    def read(reader, count, width):
        bits = np.zeros(count, f"<u{width}")
        _read_planes(reader, bits, count, lambda: [(slice(None), slice(None))])
        return bits


class Indexed:
    """A codebook and the index of each weight in it."""

    name = "codebook"

    @staticmethod
    def write(writer, bits, dtype) -> bool:
        found = codebook_of(bits)
        if found is None:
            return False
        _write_shared(writer, *found, dtype)
        return True

    @staticmethod
    def read(reader, count, width):
        values = _read_values(reader, count, width)
        if len(values) == 1:
            return np.full(count, values[0])
        return _look_up(values, reader.stream(count))


class Sparse:
    """How far each weight that is not zero lies from the last one, and its value.

    A gap of 255 or more is written as 255 and what is left of it. Values are indices
    into a codebook, or byte planes.
    """

    name = "gaps"

    @staticmethod
    def suits(bits) -> bool:
        return bool(2 * np.count_nonzero(bits) <= len(bits))

    @staticmethod
    def write(writer, bits, dtype) -> bool:
        if not Sparse.suits(bits):
            return False
        places = np.flatnonzero(bits)
        gaps = gaps_of(places)
        writer.number(len(places))
        writer.number(len(gaps))
        writer.stream(gaps)
        if not len(places):
            return True
        kept = bits[places]
        found = codebook_of(kept)
        if found is None:
            writer.number(0)
            _write_planes(writer, kept)
            return True
        _write_shared(writer, *found, dtype)
        return True

    @staticmethod
    def read(reader, count, width):
        kept = reader.number(count // 2)
        gaps = np.frombuffer(
            reader.stream(reader.number(kept + count // ESCAPE)), np.uint8
        )
        _check_gaps(gaps, kept, count)
        bits = np.zeros(count, f"<u{width}")
        if not kept:
            return bits
        distinct = reader.number(min(kept, MOST))
        if not distinct:
            _read_planes(reader, bits, kept, lambda: _places(gaps))
            return bits
        values = read_codebook(reader, distinct, width)
        indices = reader.stream(kept) if distinct > 1 else None
        for here, places in _places(gaps):
            which = (
                np.zeros(len(places), np.uint8) if indices is None else indices[here]
            )
            bits[places] = _look_up(values, which)
        return bits


FORMS = (Whole, Planes, Indexed, Sparse)


def gaps_of(places: np.ndarray) -> np.ndarray:
    """Returns the zeros before each of `places`, as bytes with escapes."""
    gaps = np.diff(places, prepend=-1) - 1
    escapes = gaps // ESCAPE
    ends = np.cumsum(escapes + 1)
    coded = np.full(ends[-1] if len(ends) else 0, ESCAPE, np.uint8)
    coded[ends - 1] = gaps % ESCAPE
    return coded


def _write_shared(writer, values, indices, dtype):
    writer.number(len(values))
    write_codebook(writer, values, dtype)
    if len(values) > 1:
        writer.stream(indices)


def _check_gaps(gaps, kept, count):
    ends = gaps != ESCAPE
    reach = int(gaps.sum(dtype=np.int64)) + kept
    if np.count_nonzero(ends) != kept or reach > count or (len(gaps) and not ends[-1]):
        raise ArchiveError("the places of weights in the archive do not fit its shape")


def _places(gaps):
    """Yields, batch by batch, which weights are next and where they lie."""
    start, before = 0, 0
    for begin in range(0, len(gaps), BATCH):
        part = gaps[begin : begin + BATCH]
        ends = part != ESCAPE
        # Each weight takes a place of its own behind its gap.
        reach = before + np.cumsum(part.astype(np.int64) + ends)
        places = reach[ends] - 1
        yield slice(start, start + len(places)), places
        start += len(places)
        before = int(reach[-1])


def _write_planes(writer, bits):
    plane = bits.view(np.uint8).reshape(-1, bits.itemsize)
    for place in range(bits.itemsize):
        writer.stream(plane[:, place].tobytes())


def _read_planes(reader, bits, size, batches):
    # One plane at a time, so that no second copy of the weight is ever held.
    plane = bits.view(np.uint8).reshape(-1, bits.itemsize)
    for place in range(bits.itemsize):
        stored = np.frombuffer(reader.stream(size), np.uint8)
        for here, places in batches():
            plane[places, place] = stored[here]


def _read_values(reader, count, width):
    distinct = reader.number(min(count, MOST))
    if not distinct:
        raise ArchiveError("a codebook of the archive is empty")
    return read_codebook(reader, distinct, width)


def _look_up(values, indices):
    indices = np.frombuffer(indices, np.uint8)
    if len(indices) and indices.max() >= len(values):
        raise ArchiveError("an index of the archive is beyond its codebook")
    return values[indices]
