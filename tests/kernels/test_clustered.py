import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.clustered import Clustered
from tfcompress.layers.compressed_dense import CompressedDense


def _built(array, **options):
    kernel = Clustered(**options)
    kernel.build(np.shape(array))
    kernel.encode(array)
    return kernel


@pytest.mark.parametrize("start", ["linear", "density", "kmeans"])
@pytest.mark.parametrize("codebook", [2, 5, 16, 100, 256])
def test_each_entry_has_the_nearest_of_few_values(codebook, start, rng):
    array = rng.normal(size=(37, 11)).astype("float32")
    full = _built(array, codebook=codebook, start=start).full().numpy()
    values = np.unique(full)
    assert len(values) <= codebook
    best = np.abs(array[..., None] - values).min(axis=-1)
    np.testing.assert_allclose(np.abs(array - full), best, atol=1e-6)


def test_values_get_the_sum_of_the_gradients_of_their_entries():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[1.0, 1.0, 5.0], [5.0, 1.0, 5.0]], codebook=2)
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full() * np.array([[1.0, 2, 3], [4, 5, 6]]))
    gradient = tape.gradient(loss, kernel.values.value)
    assert gradient.numpy().tolist() == [1 + 2 + 5, 3 + 4 + 6]


@pytest.mark.parametrize("jit", [False, True])
def test_zeros_of_a_pruned_weight_are_kept_in_training(jit, rng):
    array = rng.normal(size=(20, 10)) * (rng.random((20, 10)) < 0.1)
    layer = CompressedDense(10, kernel=Clustered(codebook=4))
    model = keras.Sequential([keras.Input((20,)), layer])
    layer.kernels["kernel"].encode(array)
    model.compile("adam", "mse", jit_compile=jit)
    x = rng.normal(size=(64, 20))
    before = layer.kernel.numpy()
    model.fit(x, x[:, :10], epochs=3, verbose=0)
    after = layer.kernel.numpy()
    np.testing.assert_array_equal(after == 0, array == 0)
    assert (after != before)[array != 0].all()
    assert len(np.unique(after)) <= 4


def test_indices_and_values_spell_the_weight(rng):
    kernel = _built(rng.normal(size=(7, 5)), codebook=6)
    values = kernel.values.numpy()
    np.testing.assert_array_equal(values[kernel.indices()], kernel.full())


@pytest.mark.parametrize(
    ("shape", "words"), [((5, 3), 15), ((40, 40), 800), ((130, 100), 4334)]
)
def test_words_are_long_where_the_weight_is_larger_than_their_table(shape, words, rng):
    kernel = _built(rng.choice(16, shape).astype("float32"), codebook=16)
    assert kernel.words.shape == (words,)
    np.testing.assert_array_equal(
        kernel.full(), kernel.values.numpy()[kernel.indices()]
    )


def test_fresh_weights_have_the_scale_that_was_meant():
    kernel = Clustered(codebook=12)
    kernel.build((300, 100), initializer="glorot_normal")
    full = kernel.full().numpy()
    assert len(np.unique(full)) == 12
    assert full.var() == pytest.approx(1 / 200, rel=0.05)


def test_stored_bits_are_indices_and_values():
    assert _built(np.ones((6, 8)), codebook=20).stored_bits() == 48 * 5 + 20 * 32


def test_saved_model_gives_the_same_outputs(tmp_path, rng):
    model = keras.Sequential(
        [keras.Input((6,)), CompressedDense(4, kernel=Clustered(codebook=3))]
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = rng.normal(size=(4, 6))
    np.testing.assert_array_equal(loaded(x), model(x))


@pytest.mark.parametrize("codebook", [1, 257, 8.5])
def test_other_sizes_are_refused(codebook):
    with pytest.raises(
        ValueError, match="`codebook` must be an integer in \\[2, 256\\]"
    ):
        Clustered(codebook=codebook)


def test_other_starts_are_refused():
    with pytest.raises(ValueError, match="`start` must be one of 'linear', 'density'"):
        Clustered(start="random")
