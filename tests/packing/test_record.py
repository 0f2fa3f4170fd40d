import io

import ml_dtypes
import numpy as np
import pytest

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.entropy import entropy_bound
from tfcompress.packing.record import (
    bits_of,
    frequency_record,
    layout,
    read_back,
    read_record,
    record_of,
)
from tfcompress.packing.streams import Reader

TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
TYPES += ["bool", "c8", "c16", "V2", "V3"]


def assert_same(array):
    again = read_back(record_of(array), array.shape, array.dtype)
    assert again.dtype == array.dtype
    assert again.shape == array.shape
    assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (3, 0), (7,), (5, 3), (2, 3, 4, 5)])
def test_every_type_and_shape_comes_back(dtype, shape, rng):
    dtype = np.dtype(dtype)
    size = int(np.prod(shape))
    if dtype.kind == "b":
        array = rng.random(shape) < 0.5
    else:
        array = np.frombuffer(rng.bytes(size * dtype.itemsize), dtype).reshape(shape)
    assert_same(np.asarray(array))


def test_every_bit_of_odd_floats_comes_back():
    quiet, signalling = 0x7FC00001, 0x7F800001
    bits = np.uint32([quiet, signalling, 0xFF800000, 0x80000000, 0, 1, 0x3F800000])
    assert_same(bits.view("f4"))
    assert_same(np.tile(bits, 1000).view("f4"))
    assert_same(np.float32([[0.0, -0.0] * 500] * 3))
    assert_same(np.full(2000, np.nan, ml_dtypes.bfloat16).view("V2"))


def test_dead_columns_are_read_by_columns(rng):
    array = np.zeros((100, 200), "f4")
    alive = rng.choice(200, 20, replace=False)
    array[:, alive] = rng.integers(0, 3, (100, 20))
    record = record_of(array)
    assert record.form == "gaps, by columns"
    assert (read_back(record, array.shape, array.dtype) == array).all()


@pytest.mark.parametrize(("density", "values"), [(0.05, 16), (0.05, 60), (0.2, 16)])
def test_pruned_and_clustered_is_within_a_twentieth_of_the_bound(rng, values, density):
    centres = rng.normal(size=values).astype("f4")
    array = rng.choice(centres, (784, 300)) * (rng.random((784, 300)) < density)
    array = np.where(array == 0, np.float32(0), array)
    size, bound = len(record_of(array).stored), entropy_bound(bits_of(array))
    assert size < 1.05 * bound


def test_plain_weights_cost_no_more_than_they_are(rng):
    array = np.frombuffer(rng.bytes(4000), "f4").reshape(50, 20)
    assert len(record_of(array).stored) <= array.nbytes + 12


def test_layout_of_wide_numbers():
    assert layout((3,), np.dtype("c16")) == (6, 8)
    assert layout((3,), np.dtype("V3")) == (9, 1)


@pytest.mark.parametrize("head", [5, 16 + 4 + 1, 2 * 16, 255])
def test_a_form_that_there_is_not_is_refused(head):
    with pytest.raises(ArchiveError, match="a form .* that there is not"):
        read_record(Reader(io.BytesIO(bytes([head])), 1), (1,), np.dtype("f4"))


def test_frequencies_come_back_within_the_error(rng):
    array = rng.normal(size=(3, 3, 8, 16)).astype("f4")
    record = frequency_record(array, 0.05)
    off = read_back(record, array.shape, array.dtype) - array
    assert np.sqrt(np.mean(off**2)) < 0.0501
