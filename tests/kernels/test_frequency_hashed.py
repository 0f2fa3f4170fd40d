import numpy as np
import pytest

from tfcompress.kernels.frequency_hashed import FrequencyHashed
from tfcompress.kernels.hashed import Hashed
from tfcompress.ops import cosine_transform


@pytest.mark.parametrize("block", [1, 8])
@pytest.mark.parametrize("ratio", [1 / 4, 1 / 16])
def test_buckets_add_up_to_the_budget_of_plain_hashing(ratio, block):
    kernel = FrequencyHashed(ratio=ratio, block_size=block, seed=1)
    plain = Hashed(ratio=ratio, block_size=block, seed=1)
    for one in (kernel, plain):
        one.build((3, 3, 16, 32))
    assert kernel.band_buckets.sum() == kernel.buckets == plain.buckets
    assert kernel.count_params() == plain.count_params()


@pytest.mark.parametrize("shape", [(1, 1, 16, 32), (20, 32)])
def test_a_single_band_is_plain_hashing(shape):
    kernel, plain = (k(ratio=1 / 4, seed=1) for k in (FrequencyHashed, Hashed))
    for one in (kernel, plain):
        one.build(shape)
    plain.value.assign(kernel.value)
    np.testing.assert_array_equal(kernel.full(), plain.full())


def test_frequencies_of_two_bands_share_nothing():
    kernel = FrequencyHashed(ratio=1 / 4, block_size=1, seed=1)
    kernel.build((3, 3, 4, 8))
    kernel.value.assign(np.arange(kernel.buckets)[:, None] + 1.0)
    there = np.abs(cosine_transform.to_frequencies(kernel.full().numpy()))
    ends = np.cumsum(kernel.band_buckets)
    for j1 in range(3):
        for j2 in range(3):
            buckets = np.round(there[j1, j2]).astype(int) - 1
            band = np.searchsorted(ends, buckets, side="right")
            assert (band == j1 + j2).all()


def test_positions_computed_in_the_graph_are_the_same():
    kernel = FrequencyHashed(ratio=1 / 4, block_size=2, seed=9)
    kernel.build((3, 3, 4, 8))
    kept = kernel.full().numpy()
    with kernel.recomputed():
        np.testing.assert_allclose(kernel.full(), kept, atol=1e-6)


def test_smooth_filters_are_met_better_than_by_plain_hashing(rng):
    there = (
        rng.normal(size=(3, 3, 16, 32))
        * 4.0 ** -np.indices((3, 3)).sum(0)[..., None, None]
    )
    smooth = cosine_transform.from_frequencies(there.astype("float32")).numpy()
    errors = []
    for kind in (FrequencyHashed, Hashed):
        kernel = kind(ratio=1 / 4, block_size=1, seed=1)
        kernel.build(smooth.shape)
        errors.append(kernel.encode(smooth))
    assert errors[0] < 0.9 * errors[1]


def test_a_ratio_that_leaves_a_band_without_a_bucket_is_refused():
    with pytest.raises(
        ValueError, match=r"each of 5 bands.*least is 0.0174.*ratio=0.01"
    ):
        FrequencyHashed(ratio=0.01, block_size=1).build((3, 3, 4, 8))
