import io

import numpy as np
import pytest

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.codebook import (
    STEPS,
    VALUES,
    codebook_of,
    from_planes,
    planes,
    read_codebook,
    write_codebook,
)
from tfcompress.packing.streams import Reader, Writer


def written(values):
    writer = Writer()
    bits = np.unique(values.view(f"<u{values.itemsize}"))
    write_codebook(writer, bits, values.dtype)
    parts = bytes(writer.parts)
    read = read_codebook(
        Reader(io.BytesIO(parts), len(parts)), len(bits), bits.itemsize
    )
    assert (read == bits).all()
    return parts


def test_index_and_value_give_the_weight_back():
    values, indices = codebook_of(np.uint32([7, 3, 7, 9]))
    assert values.tolist() == [3, 7, 9]
    assert indices.tolist() == [1, 0, 1, 2]


def test_257_values_are_too_many():
    assert codebook_of(np.arange(256, dtype="u4")) is not None
    assert codebook_of(np.arange(257, dtype="u4")) is None
    assert codebook_of(np.repeat(np.arange(257, dtype="u4"), 2000)) is None


def test_fixed_point_values_take_a_byte_each(rng):
    levels = np.arange(-31, 32).astype("f4") * np.float32(0.0371)
    assert written(levels)[0] == STEPS
    assert len(written(levels)) < 63 + 16
    assert written(rng.normal(size=63).astype("f4"))[0] == VALUES


@pytest.mark.parametrize("odd", [np.nan, np.inf, -0.0, 1e-45, 3.4e38])
def test_odd_values_come_back(odd):
    written(np.float32([odd, 0.5, 0.25]))
    written(np.float32([odd]))


@pytest.mark.parametrize("dtype", ["f2", "f8", "i4", "u1"])
def test_values_of_every_type_come_back(dtype, rng):
    written((100 * rng.random(20)).astype(dtype))


def test_planes_are_the_bytes_by_place():
    bits = np.array([0x0201, 0x0403], "<u2")
    assert planes(bits) == bytes([1, 3, 2, 4])
    assert (from_planes(planes(bits), 2) == bits).all()


def test_a_codebook_of_no_kind_is_refused():
    with pytest.raises(ArchiveError, match="a codebook 2 that there is not"):
        read_codebook(Reader(io.BytesIO(b"\2"), 1), 1, 4)
