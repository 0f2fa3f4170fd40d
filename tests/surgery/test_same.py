import keras
import pytest

from tfcompress.surgery.same import refuse_other_outputs


def make(kernel):
    inputs = {
        "words": keras.Input((2,), dtype="int32", name="words"),
        "sizes": keras.Input((None, 1), name="sizes"),
    }
    words = keras.layers.Embedding(2, 1, embeddings_initializer="ones", name="e")
    sizes = keras.layers.Dense(1, kernel_initializer=kernel)(inputs["sizes"])
    added = keras.layers.Concatenate(axis=1)([words(inputs["words"]), sizes])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(added))


def test_other_outputs_are_refused():
    refuse_other_outputs(make("ones"), make("ones"), "layer", "a")
    with pytest.raises(ValueError, match="this model's graph allows exactly"):
        refuse_other_outputs(make("ones"), make("zeros"), "layer", "a")
