import ml_dtypes
import numpy as np

from tfcompress.packing.approximation import approximation, exact, greatest_error
from tfcompress.packing.contents import Tensor
from tfcompress.packing.record import read_back

FLOATS = Tensor("w", "<f4", (4, 4))


def test_exact_has_no_error(rng):
    array = rng.normal(size=(4, 4)).astype("f4")
    stored = exact(array)
    assert stored.max_error == 0
    assert read_back(stored.record, (4, 4), array.dtype).tobytes() == array.tobytes()


def test_error_is_that_of_what_is_read_back(rng):
    array = rng.normal(size=(40, 40)).astype("f4")
    stored = approximation(FLOATS, array, 2)
    again = read_back(stored.record, array.shape, array.dtype)
    assert len(np.unique(again)) == 4
    assert stored.max_error == np.abs(again.astype("f8") - array).max() > 0


def test_smooth_filters_are_stored_by_frequencies(rng):
    x = np.linspace(-1, 1, 7)[:, None, None, None]
    array = (x * rng.normal(size=(16, 32)) + 0 * x.swapaxes(0, 1)).astype("f4")
    array += 0.01 * rng.normal(size=array.shape).astype("f4")
    stored = approximation(Tensor("w", "<f4", array.shape), array, 4)
    assert stored.record.form == "frequencies"
    assert 0 < stored.max_error < 0.5


def test_what_is_no_kernel_of_floats_stays_exact(rng):
    array = rng.normal(size=(4, 4)).astype("f4")
    assert approximation(FLOATS, array.ravel(), 2) is None
    assert approximation(FLOATS, array.astype("i4"), 2) is None
    assert approximation(FLOATS, np.where(array > 0, np.nan, array), 2) is None
    assert approximation(FLOATS, array[:0], 2) is None


def test_bfloat16_is_a_float(rng):
    array = rng.normal(size=(9, 9)).astype(ml_dtypes.bfloat16)
    tensor = Tensor("w", "<V2", (9, 9), {"dtype": "bfloat16"})
    stored = approximation(tensor, array.view("V2"), 1)
    again = read_back(stored.record, (9, 9), np.dtype("V2")).view(ml_dtypes.bfloat16)
    assert len(np.unique(again.astype("f4"))) == 2
    assert stored.max_error > 0


def test_difference_of_odd_numbers():
    right = np.float32([1, 2])
    assert greatest_error(FLOATS, np.float32([1, np.nan]), right) == np.inf
    assert greatest_error(FLOATS, np.float32([1, 2.5]), right) == 0.5
    whole = np.int8([1, 2])
    assert greatest_error(FLOATS, whole, whole) == 0
    assert greatest_error(FLOATS, whole, whole + np.int8(1)) == np.inf
