import io

import numpy as np
import pytest

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.frequency import Frequency, suits
from tfcompress.packing.record import frequency_record, read_back, record_of
from tfcompress.packing.shared_values import share_values
from tfcompress.packing.streams import Reader, Writer


def smooth(rng, size=5, filters=(16, 32)):
    """Filters that are waves of low frequency, as those of first layers are."""
    x = np.linspace(-1, 1, size)
    slopes = rng.normal(size=(2, *filters))
    plane = slopes[0] * x[:, None, None, None] + slopes[1] * x[None, :, None, None]
    return (plane + 0.01 * rng.normal(size=plane.shape)).astype("f4")


def rms(off):
    return float(np.sqrt(np.mean(np.square(off))))


def test_smooth_filters_are_smaller_in_frequencies_at_the_same_error(rng):
    array = smooth(rng)
    shared = share_values(array, 4)
    record = frequency_record(array, rms(shared - array))
    assert len(record.stored) < 0.5 * len(record_of(shared).stored)
    again = read_back(record, array.shape, array.dtype)
    assert rms(again - array) < 1.001 * rms(shared - array)


def test_shared_spectra_are_used_where_filters_are_alike(rng):
    kinds = rng.normal(size=(3, 3, 16))
    array = kinds[..., rng.integers(0, 16, 1024)].reshape(3, 3, 32, 32)
    array = (array + 0.001 * rng.normal(size=array.shape)).astype("f4")
    record = frequency_record(array, 0.01)
    assert record.stored[1] == 16  # that many spectra
    assert len(record.stored) < 9 * 16 * 4 + 1024 / 2 + 100
    again = read_back(record, array.shape, array.dtype)
    assert rms(again - array) <= 0.0101


@pytest.mark.parametrize("shape", [(3, 4, 8), (3, 3, 4, 8), (2, 3, 2, 4, 8)])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_filters_of_one_to_three_axes(shape, dtype, rng):
    array = rng.normal(size=shape).astype(dtype)
    again = read_back(frequency_record(array, 0.1), shape, array.dtype)
    assert again.dtype == array.dtype
    assert 0.05 < rms(again - array) < 0.102


def test_pruned_filters_and_other_weights_are_left_alone(rng):
    array = rng.normal(size=(3, 3, 4, 8)).astype("f4")
    assert not Frequency.write(Writer(), array * (array > 0), 0.1)
    assert not suits((784, 300), np.dtype("f4"))
    assert not suits((1, 1, 4, 8), np.dtype("f4"))
    assert not suits((3, 3, 4, 8), np.dtype("i1"))


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ([200, 1], "more spectra than the filters"),
        ([0, 0, 0, 192, 127, 1, 1, 0, 0, 3], "spectra that are not finite"),
        ([0, 0, 0, 0, 0, 9], "a form 9"),
    ],
)
def test_hostile_spectra_are_refused(parts, match):
    reader = Reader(io.BytesIO(bytes(parts)), len(parts))
    with pytest.raises(ArchiveError, match=match):
        Frequency.read(reader, (3, 3, 1, 2), np.dtype("f4"))


def of_spectra(count, high):
    """Eight filters of two places, of `count` spectra of one number, given by its bytes."""
    spectra = [0, *[0] * 4 * count, *[high[0]] * 2 * count, *[high[1]] * 2 * count]
    which, step, rest = [0] * 9, [0] * 4, [1, 1, 0, 0, 3]
    parts = bytes([count, *spectra, *which, *step, *rest])
    reader = Reader(io.BytesIO(parts), len(parts))
    return Frequency.read(reader, (2, 1, 1, 8), np.dtype("f4"))


def test_one_spectrum_for_eight_filters_is_the_most():
    array = of_spectra(1, (0x80, 0x3F))  # 1 in both frequencies: sqrt(2) at one place
    np.testing.assert_allclose(array[:, 0, 0, 0], [2**0.5, 0], atol=1e-6)
    with pytest.raises(ArchiveError, match="more spectra than the filters"):
        of_spectra(2, (0x80, 0x3F))


def test_an_infinite_spectrum_is_refused():
    with pytest.raises(ArchiveError, match="spectra that are not finite"):
        of_spectra(1, (0x80, 0x7F))


def test_frequencies_of_a_matrix_are_refused():
    with pytest.raises(ArchiveError, match="frequencies of what has none"):
        Frequency.read(Reader(io.BytesIO(b""), 0), (3, 3), np.dtype("f4"))
