import keras
import numpy as np
import pytest

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.ops import hashing


@pytest.mark.parametrize(
    ("shape", "ratio", "block", "stored"),
    [
        ((784, 1000), 1 / 8, 1, 98000),
        ((784, 1000), 1 / 64, 1, 12250),
        ((10, 3), 0.1, 1, 3),
        ((10, 32), 0.5, 16, 160),
        ((10, 32), 0.001, 16, 16),
    ],
)
def test_stores_the_ratio_rounded_up_to_a_block(shape, ratio, block, stored):
    kernel = Hashed(ratio=ratio, block_size=block, seed=0)
    kernel.build(shape)
    assert kernel.count_params() == stored


@pytest.mark.parametrize(("last", "width"), [(64, 16), (10, 10), (30, 15), (17, 1)])
def test_block_is_16_or_the_largest_divisor_below(last, width):
    kernel = Hashed(ratio=0.5)
    kernel.build((4, last))
    assert kernel.width == width


@pytest.mark.parametrize("block", [1, 2, 4])
def test_entry_is_the_signed_value_of_its_bucket(block):
    kernel = Hashed(ratio=0.5, block_size=block, seed=5)
    kernel.build((3, 4))
    value, full = kernel.value.numpy(), kernel.full().numpy()
    index = hashing.signed_buckets(np.arange(12 // block), kernel.buckets, seed=5)
    for position, place in enumerate(index):
        sign = 1 if place < kernel.buckets else -1
        got = full.reshape(-1, block)[position]
        np.testing.assert_array_equal(got, sign * value[place % kernel.buckets])


def test_product_equals_feature_hashing():
    # z_i = w . phi_i(a), phi_i(a)_k the signed sum of the inputs that fall in bucket k.
    kernel = Hashed(ratio=0.3, block_size=1, seed=2)
    kernel.build((6, 5))
    inputs = np.random.default_rng(0).normal(size=6).astype("float32")
    index = hashing.signed_buckets(np.arange(30), kernel.buckets, seed=2).reshape(6, 5)
    for output in range(5):
        features = np.zeros(kernel.buckets)
        for j in range(6):
            sign = 1 if index[j, output] < kernel.buckets else -1
            features[index[j, output] % kernel.buckets] += sign * inputs[j]
        product = inputs @ kernel.full().numpy()[:, output]
        assert product == pytest.approx(features @ kernel.value.numpy()[:, 0], abs=1e-5)


def test_encode_takes_the_mean_of_the_signed_entries_of_a_bucket(rng):
    kernel = Hashed(ratio=0.25, block_size=1, seed=1)
    kernel.build((8, 8))
    array = rng.normal(size=(8, 8)).astype("float32")
    error = kernel.encode(array)
    best = kernel.value.numpy()
    # Least squares: no change of any bucket comes nearer.
    for bucket in range(kernel.buckets):
        for step in (-1e-2, 1e-2):
            moved = best.copy()
            moved[bucket] += step
            kernel.value.assign(moved)
            missed = np.linalg.norm(kernel.full().numpy() - array)
            assert missed / np.linalg.norm(array) >= error - 1e-6


def test_positions_computed_in_the_graph_are_the_same():
    kernel = Hashed(ratio=0.25, block_size=1, seed=9)
    kernel.build((30, 20))
    kept = kernel.full().numpy()
    with kernel.recomputed():
        np.testing.assert_array_equal(kernel.full(), kept)
    kernel.tables = False
    np.testing.assert_array_equal(kernel.full(), kept)


@pytest.mark.parametrize("block", [1, 4, 16])
def test_the_table_is_as_many_times_smaller_as_a_block_is_long(block):
    kernel = Hashed(ratio=0.5, block_size=block)
    kernel.build((20, 32))
    kernel.full()
    assert kernel.table_bytes == 4 * 20 * 32 / block


@pytest.mark.parametrize("block", [1, 16])
def test_without_tables_none_is_ever_held(block, rng):
    kernel = Hashed(ratio=0.5, block_size=block, tables=False, seed=3)
    model = keras.Sequential([keras.Input((20,)), CompressedDense(32, kernel=kernel)])
    kernel = model.layers[0].kernels["kernel"]
    kernel.encode(rng.normal(size=(20, 32)))
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 20)), np.zeros((4, 32)), verbose=0)
    assert kernel.table_bytes == 0


def test_gradients_without_tables_are_those_with_them(rng):
    tf = pytest.importorskip("tensorflow")
    seen = rng.normal(size=(20, 32)).astype("float32")
    gradients = []
    for tables in (True, False):
        kernel = Hashed(ratio=0.25, block_size=1, tables=tables, seed=3)
        kernel.build((20, 32))
        kernel.value.assign(np.arange(160)[:, None] / 160)

        @tf.function
        def gradient(kernel=kernel):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(kernel.full(training=True) ** 2 * seen)
            return tape.gradient(loss, kernel.value.value)

        gradients.append(gradient())
    np.testing.assert_allclose(*gradients, rtol=1e-5, atol=1e-6)


def test_a_table_is_not_copied_into_a_graph():
    tf = pytest.importorskip("tensorflow")
    kernel = Hashed(ratio=0.5, block_size=1)
    kernel.build((64, 64))
    graph = tf.function(kernel.full).get_concrete_function().graph
    assert len(graph.as_graph_def().SerializeToString()) < kernel.table_bytes / 2


def test_nothing_of_the_table_is_in_the_file(tmp_path):
    layer = CompressedDense(128, kernel=Hashed(ratio=1 / 64, block_size=1))
    model = keras.Sequential([keras.Input((128,)), layer])
    model(np.ones((1, 128)))
    model.save_weights(tmp_path / "it.weights.h5")
    assert model.count_params() == 256 + 128
    assert (tmp_path / "it.weights.h5").stat().st_size < layer.kernels[
        "kernel"
    ].table_bytes


def test_the_smallest_ratio_leaves_one_block():
    kernel = Hashed(ratio=1e-12, block_size=4)
    kernel.build((3, 8))
    assert kernel.count_params() == 4
    assert np.abs(kernel.full()).max() > 0


def test_ratio_one_does_not_mean_one_bucket_for_each_entry_but_as_many():
    kernel = Hashed(ratio=1.0, block_size=1, seed=0)
    kernel.build((10, 10))
    assert kernel.buckets == 100


def test_seed_is_drawn_once_and_kept():
    kernel = Hashed(ratio=0.5)
    assert kernel.copy().seed == kernel.seed


def test_block_that_does_not_divide_names_those_that_do():
    with pytest.raises(
        ValueError, match=r"divide the last axis.*12.*\[1, 2, 3, 4, 6, 12\]"
    ):
        Hashed(ratio=0.5, block_size=5).build((4, 12))


@pytest.mark.parametrize("ratio", [0, -0.1, 1.5, float("nan"), "0.5", None, True])
def test_ratio_outside_its_range_is_refused(ratio):
    with pytest.raises(ValueError, match=r"`ratio` must be a number in \(0, 1\]"):
        Hashed(ratio=ratio)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"block_size": 0}, "`block_size` must be a positive integer"),
        ({"block_size": 2.0}, "`block_size` must be a positive integer"),
        ({"seed": -1}, "`seed` must be an integer in"),
        ({"seed": 2**32}, "`seed` must be an integer in"),
        ({"tables": "no"}, "`tables` must be True or False"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Hashed(ratio=0.5, **options)
