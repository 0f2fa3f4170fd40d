import numpy as np
import pytest

from tfcompress.kernels.spatial_low_rank import SpatialLowRank


def test_encode_misses_by_the_dropped_singular_values(rng):
    array = rng.normal(size=(3, 2, 4, 5)).astype("float32")
    kernel = SpatialLowRank(rank=3)
    kernel.build(array.shape)
    matrix = array.transpose(0, 2, 1, 3).reshape(12, 10)
    values = np.linalg.svd(matrix, compute_uv=False)
    dropped = np.linalg.norm(values[3:]) / np.linalg.norm(values)
    assert kernel.encode(array) == pytest.approx(dropped, rel=1e-4)


def test_a_rank_that_does_not_pay_names_the_one_that_does():
    with pytest.raises(ValueError, match="highest rank that pays is 23"):
        SpatialLowRank(rank=24).build((3, 3, 16, 16))


def test_a_rank_above_the_kernel_is_refused():
    with pytest.raises(ValueError, match="`rank` must be at most 12"):
        SpatialLowRank(rank=13, must_pay=False).build((3, 3, 4, 16))


def test_a_ratio_below_rank_one_is_refused():
    with pytest.raises(ValueError, match="Rank 1 stores 0.0417 of it"):
        SpatialLowRank(ratio=0.01).build((3, 3, 16, 16))


def test_other_dimensions_are_refused():
    with pytest.raises(ValueError, match="that of a 2-D convolution"):
        SpatialLowRank(rank=2).build((3, 4, 8))
