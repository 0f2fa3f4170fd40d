import numpy as np
import pytest

from tfcompress.packing.shared_values import share_values


def test_by_hand():
    array = np.float32([[1, 2], [9, 11]])
    assert share_values(array, 1).tolist() == [[1.5, 1.5], [10, 10]]


def test_zeros_stay_and_are_one_of_the_values(rng):
    array = (rng.normal(size=(50, 40)) * (rng.random((50, 40)) < 0.2)).astype("f4")
    for bits in (1, 2, 3, 8):
        shared = share_values(array, bits)
        assert ((shared == 0) == (array == 0)).all()
        assert len(np.unique(shared)) <= 2**bits


def test_each_weight_has_the_nearest_value(rng):
    array = rng.normal(size=500).astype("f4")
    shared = share_values(array, 3)
    values = np.unique(shared)
    nearest = values[np.abs(array[:, None] - values).argmin(axis=1)]
    np.testing.assert_array_equal(shared, nearest)


def test_few_values_stay_bit_by_bit():
    array = np.float32([0.1, 0.7, 0.1, -0.3])
    assert share_values(array, 2).tobytes() == array.tobytes()


def test_one_more_bit_quarters_the_error(rng):
    array = rng.uniform(-1, 1, 20_000).astype("f4")
    errors = [np.mean((share_values(array, bits) - array) ** 2) for bits in (3, 4, 5)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.1)


def test_negative_zero_is_a_zero():
    assert (
        share_values(np.float32([-0.0, 1]), 1).tobytes() == np.float32([0, 1]).tobytes()
    )
