import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop.tfmot.to_tf_keras import LegacyFile, to_tf_keras


def chain():
    first = layers.Dense(
        4, "relu", kernel_regularizer="l2", kernel_constraint="non_neg"
    )
    return keras.Sequential(
        [keras.Input((3,)), first, layers.LeakyReLU(), layers.Dense(2)]
    )


def test_a_weight_that_is_no_number_is_named(tmp_path):
    model = chain()
    model.layers[0].bias.assign([0.0, np.nan, 0.0, 0.0])
    with pytest.raises(ValueError, match="finite weights, and '.*bias' is not"):
        to_tf_keras(model, tmp_path / "legacy.h5")
    assert not (tmp_path / "legacy.h5").exists()


def skip_connection():
    x = keras.Input((8, 8, 3))
    y = layers.BatchNormalization()(layers.Conv2D(4, 1)(x))
    y = layers.Add()([layers.Conv2D(4, 3, padding="same")(x), y])
    y = layers.SeparableConv2D(3, 3)(layers.DepthwiseConv2D(3)(y))
    return keras.Model(x, layers.Dense(3)(layers.GlobalAveragePooling2D()(y)))


def nested_and_shared():
    norm = layers.BatchNormalization()
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, "gelu"), norm])
    y = keras.Input((4,))
    other = keras.Model(y, layers.Dense(4)(y))
    shared = layers.Dense(4)
    x = keras.Input((4,))
    z = other(inner(shared(shared(inner(x)))))
    return keras.Model(x, [z, shared(z)])


def recurrent():
    x = keras.Input((5,))
    y = layers.Embedding(20, 4, mask_zero=True)(x)
    y = layers.LSTM(3, return_sequences=True)(y)
    return keras.Model(x, layers.Bidirectional(layers.GRU(2))(y))


def attention_of_named_inputs():
    q, v = keras.Input((4, 3), name="q"), keras.Input((5, 3), name="v")
    y = layers.MultiHeadAttention(2, 2)(q, value=v)
    return keras.Model({"q": q, "v": v}, {"y": layers.LayerNormalization()(y), "v": v})


MODELS = [
    chain,
    skip_connection,
    nested_and_shared,
    recurrent,
    attention_of_named_inputs,
]


@pytest.mark.parametrize("model", MODELS)
def test_the_file_computes_what_the_model_does(shared, tmp_path, rng, model):
    model = model()
    model.set_weights([rng.uniform(0.1, 0.9, w.shape) for w in model.get_weights()])
    before = model.get_weights()
    result = to_tf_keras(model, tmp_path / "legacy.h5")
    assert result.max_error <= 1e-5
    assert result.bytes == (tmp_path / "legacy.h5").stat().st_size
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_free_sizes_are_compared_on_a_probe(shared, tmp_path, rng):
    model = keras.Sequential([keras.Input((None, 2)), layers.Conv1D(2, 3)])
    with pytest.raises(ValueError, match="`probe` must be given for inputs with free"):
        to_tf_keras(model, tmp_path / "legacy.h5")
    probe = rng.random((2, 7, 2), "float32")
    assert to_tf_keras(model, tmp_path / "legacy.h5", probe=probe).max_error <= 1e-5


def test_a_model_that_computes_otherwise_there_leaves_no_file(shared, tmp_path):
    # Keras 3 ends a mask where legacy Keras hands it on: at a layer that returns states.
    x = keras.Input((5,))
    y = layers.Embedding(20, 4, mask_zero=True)(x)
    y, *states = layers.LSTM(3, return_sequences=True, return_state=True)(y)
    model = keras.Model(x, layers.LSTM(3)(y, initial_state=states))
    probe = np.array([[3, 4, 0, 0, 0]])
    with pytest.raises(
        ValueError, match="must have equal outputs in Keras 3 and legacy"
    ):
        to_tf_keras(model, tmp_path / "legacy.h5", probe=probe)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_carried_is_refused_before_anything_starts(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x, name="l")])
    with pytest.raises(ValueError, match="Layer 'l': its function is Python code"):
        to_tf_keras(model, tmp_path / "legacy.h5")
    with pytest.raises(ValueError, match=r"must end in '\.h5'"):
        to_tf_keras(chain(), tmp_path / "legacy.keras")
    with pytest.raises(ValueError, match="`time_limit` must be a number"):
        to_tf_keras(chain(), tmp_path / "legacy.h5", time_limit=0)


def test_the_result_says_what_it_is(tmp_path):
    text = str(LegacyFile(tmp_path / "a.h5", 12345, 2e-7))
    assert text == f"{tmp_path / 'a.h5'}: 12,345 bytes; greatest error 2e-07"
