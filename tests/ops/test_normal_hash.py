import numpy as np
import pytest
from keras import ops

from tfcompress.ops.normal_hash import normal_numbers


def test_graph_and_array_agree():
    index = np.arange(5000, dtype="int32")
    in_graph = normal_numbers(ops.convert_to_tensor(index), 7, ops)
    np.testing.assert_allclose(in_graph, normal_numbers(index, 7), atol=2e-5)


def test_numbers_are_normal():
    numbers = normal_numbers(np.arange(200_000), 3)
    for power, moment in ((1, 0), (2, 1), (3, 0), (4, 3)):
        assert np.mean(numbers**power) == pytest.approx(moment, abs=0.06)
    assert np.isfinite(numbers).all()


def test_neighbours_and_seeds_are_independent():
    first, second = (normal_numbers(np.arange(100_000), seed) for seed in (1, 2))
    assert abs(np.mean(first * second)) < 0.02
    assert abs(np.mean(first[1:] * first[:-1])) < 0.02
