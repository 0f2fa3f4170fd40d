import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.channel_scores.activation import Activation
from tfcompress.surgery.groups import coupled_groups

X = np.random.default_rng(0).normal(size=(8, 4, 4, 2)).astype("float32")
Y = np.zeros((8, 1), "float32")


def fitted(*parts, jit_compile=False, **options):
    model = keras.Sequential([keras.Input((4, 4, 2)), *parts])
    model.compile(keras.optimizers.SGD(0.0), "mse", jit_compile=jit_compile)
    group = coupled_groups(model)[0]
    score = Activation()
    score.attach(model, [group])
    assert not score.ready
    model.fit(X, Y, batch_size=4, verbose=0, **options)
    assert score.ready
    return model, score, group


@pytest.mark.parametrize("jit_compile", [False, True])
def test_score_is_the_mean_of_what_the_next_layer_reads(jit_compile):
    flat = [layers.Flatten(), layers.Dense(1)]
    parts = layers.Conv2D(3, 2, name="a"), layers.ReLU(), *flat
    model, score, group = fitted(*parts, jit_compile=jit_compile)
    read = keras.Model(model.inputs[0], model.layers[1].output)(X).numpy()

    # The dense layer reads each channel at 9 places, and each counts.
    expected = 9 * np.abs(read).mean(axis=(0, 1, 2))
    np.testing.assert_allclose(score.scores(group), expected, rtol=1e-4)


def test_validation_does_not_count_while_it_looks_away():
    parts = layers.Conv2D(3, 4, name="a"), layers.Flatten(), layers.Dense(1)
    model, score, group = fitted(*parts)
    before = score.scores(group)

    score.pause()
    model.evaluate(100 * X, Y, verbose=0)
    score.resume()

    np.testing.assert_array_equal(score.scores(group), before)


def test_reset_forgets():
    parts = layers.Conv2D(3, 4, name="a"), layers.Flatten(), layers.Dense(1)
    _, score, _ = fitted(*parts)
    score.reset()
    assert not score.ready


def test_detached_layers_have_their_own_call_again():
    parts = layers.Conv2D(3, 4, name="a"), layers.Flatten(), layers.Dense(1)
    model, score, group = fitted(*parts)
    before = score.scores(group)

    score.detach()
    model.evaluate(X, Y, verbose=0)

    assert not any("call" in vars(layer) for layer in model.layers)
    np.testing.assert_array_equal(score.scores(group), before)


def test_channels_that_no_plain_layer_reads_are_refused():
    inputs = keras.Input((4, 2))
    x = layers.Dense(4, name="a")(inputs)
    outputs = layers.EinsumDense("abc,cd->abd", (None, 3))(x)
    model = keras.Model(inputs, outputs)
    with pytest.raises(ValueError, match="`by` must not be 'activation' for 'a'"):
        Activation().attach(model, coupled_groups(model)[:1])


def test_jax_is_refused_for_it_would_see_nothing(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="`by` must not be 'activation' on JAX"):
        Activation().attach(None, [])
