import numpy as np
import pytest

from tfcompress.kernels.functional_hashed import FunctionalHashed
from tfcompress.kernels.hashed import Hashed


@pytest.mark.parametrize("block", [1, 4])
def test_one_hash_with_the_plain_sum_is_hashing(block):
    kernel = FunctionalHashed(
        ratio=1 / 4, hashes=1, hidden=None, block_size=block, seed=3
    )
    plain = Hashed(ratio=1 / 4, block_size=block, seed=3)
    for one in (kernel, plain):
        one.build((12, 8))
    plain.value.assign(kernel.value)
    np.testing.assert_array_equal(kernel.full(), plain.full())


def test_entry_is_the_network_of_its_values():
    kernel = FunctionalHashed(ratio=1 / 2, hashes=3, hidden=2, block_size=1, seed=3)
    kernel.build((4, 4))
    value = kernel.value.numpy()[:, 0]
    both = np.concatenate([value, -value])
    table = kernel._placed().reshape(16, 3)
    inner, offset, outer = (
        p.numpy() for p in (kernel.inner, kernel.offset, kernel.outer)
    )
    expected = np.tanh(both[table] @ inner + offset) @ outer
    np.testing.assert_allclose(kernel.full().numpy().ravel(), expected[:, 0], atol=1e-6)


def test_it_starts_with_the_scale_of_the_weight():
    kernel = FunctionalHashed(ratio=1 / 2, seed=3)
    kernel.build((200, 208), initializer="glorot_normal")
    assert kernel.full().numpy().var() == pytest.approx(2 / 408, rel=0.25)


@pytest.mark.parametrize("hidden", [None, 4])
def test_encode_comes_as_near_as_plain_hashing(hidden, rng):
    array = rng.normal(size=(32, 16)).astype("float32") * 0.05
    kernel = FunctionalHashed(ratio=1 / 4, hidden=hidden, block_size=1, seed=3)
    plain = Hashed(ratio=1 / 4, block_size=1, seed=3)
    for one in (kernel, plain):
        one.build(array.shape)
    assert kernel.encode(array) < plain.encode(array) * 1.05


def test_positions_computed_in_the_graph_are_the_same():
    kernel = FunctionalHashed(ratio=1 / 4, block_size=2, seed=9)
    kernel.build((6, 8))
    kept = kernel.full().numpy()
    with kernel.recomputed():
        np.testing.assert_allclose(kernel.full(), kept, atol=1e-6)


def test_rows_are_those_of_the_full_weight(rng):
    kernel = FunctionalHashed(ratio=1 / 4, seed=9)
    kernel.build((30, 16))
    words = rng.integers(0, 30, size=(2, 3))
    rows = kernel.rows(np.asarray(words))
    np.testing.assert_allclose(rows, kernel.full().numpy()[words], atol=1e-6)


@pytest.mark.parametrize("name", ["hashes", "hidden"])
def test_counts_must_be_positive(name):
    with pytest.raises(ValueError, match=f"`{name}` must be a positive integer"):
        FunctionalHashed(ratio=0.5, **{name: 0})
