import inspect

import keras
import numpy as np
import pytest

from tfcompress.layers.hashed_embedding import HashedEmbedding


def test_signature_is_that_of_embedding_plus_the_options_of_hashing():
    ours = inspect.signature(HashedEmbedding).parameters
    own = [n for n, p in ours.items() if p.kind is p.KEYWORD_ONLY]
    assert own == ["ratio", "block_size", "seed", "tables"]
    theirs = inspect.signature(keras.layers.Embedding).parameters
    assert [n for n in ours if n not in own] == list(theirs)


def test_rows_are_those_of_the_full_table(rng):
    layer = HashedEmbedding(40, 32, ratio=0.1)
    words = rng.integers(0, 40, size=(2, 3, 4))
    np.testing.assert_array_equal(layer(words), layer.embeddings.numpy()[words])


def test_look_ups_keep_no_table(rng):
    layer = HashedEmbedding(1000, 64, ratio=1 / 8)
    layer(rng.integers(0, 1000, size=(2, 3)))
    assert layer.kernels["embeddings"]._table is None


@pytest.mark.parametrize("jit", [False, True])
def test_trains_and_saves(jit, tmp_path, rng):
    model = keras.Sequential(
        [
            keras.Input((6,), dtype="int32"),
            HashedEmbedding(50, 16, ratio=0.25, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
        ]
    )
    model.compile("adam", "mse", jit_compile=jit)
    words = rng.integers(0, 50, size=(32, 6))
    targets = rng.normal(size=(32, 16))
    history = model.fit(words, targets, epochs=20, verbose=0).history["loss"]
    assert history[-1] < history[0]

    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")

    np.testing.assert_array_equal(loaded(words), model(words))
