import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.ops import hashing


def test_hash_is_the_murmur3_finaliser_of_a_multiple_of_the_golden_ratio():
    def by_hand(i, seed):
        h = (i * 0x9E3779B1 + seed) % 2**32
        h = ((h ^ (h >> 16)) * 0x85EBCA6B) % 2**32
        h = ((h ^ (h >> 13)) * 0xC2B2AE35) % 2**32
        return (h ^ (h >> 16)) % 2**30

    index = [0, 1, 2, 3, 1000, 2**20]
    for seed in (0, 7, 2**32 - 1):
        assert hashing.hash30(index, seed).tolist() == [by_hand(i, seed) for i in index]


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1])
def test_graph_and_numpy_agree_bit_for_bit(seed):
    index = np.arange(10_000, dtype="int32")
    in_graph = ops.convert_to_numpy(hashing.hash30_in_graph(index, seed))
    np.testing.assert_array_equal(in_graph, hashing.hash30(index, seed))


def test_buckets_are_even_and_half_of_the_signs_are_negative():
    index = hashing.signed_buckets(np.arange(100_000), buckets=100, seed=0)
    counts = np.bincount(index % 100, minlength=100)
    # 1000 each, with the deviation of a multinomial draw: sqrt(1000) = 32.
    assert 20 < counts.std() < 45
    assert abs((index >= 100).mean() - 0.5) < 0.01


def test_signs_do_not_follow_from_buckets():
    index = hashing.signed_buckets(np.arange(100_000), buckets=10, seed=3)
    negative = [(index[index % 10 == k] >= 10).mean() for k in range(10)]
    assert np.allclose(negative, 0.5, atol=0.03)


def test_expand_takes_rows_with_their_sign():
    values = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
    rows = hashing.expand(ops.convert_to_tensor(values), np.array([1, 2, 0, 3]))
    assert rows.numpy().tolist() == [[3, 4], [-1, -2], [1, 2], [-3, -4]]


def test_gradient_sums_the_rows_of_a_bucket_with_their_signs():
    tf = pytest.importorskip("tensorflow")
    values = keras.Variable(np.ones((2, 1), "float32"))
    weights = np.array([[1.0], [10.0], [100.0], [1000.0]], "float32")
    with tf.GradientTape() as tape:
        rows = hashing.expand(values, np.array([0, 2, 1, 0]))
        total = ops.sum(rows * weights)

    gradient = tape.gradient(total, values.value)

    assert gradient.numpy().tolist() == [[1 - 10 + 1000], [100]]


def test_look_up_gives_what_expand_gives(rng):
    values = ops.convert_to_tensor(rng.normal(size=(5, 3)).astype("float32"))
    index = np.arange(10)
    np.testing.assert_array_equal(
        hashing.look_up(values, index), hashing.expand(values, index)
    )
