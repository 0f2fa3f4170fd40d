import keras
import numpy as np
import pytest

from tfcompress.callbacks.gradient_tap import GradientTap
from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.patterns.unstructured import Unstructured

X = np.float32([[1, 2], [3, 0], [0, 4], [2, 2]])
Y = np.float32([[1], [0], [2], [1]])
KERNEL = np.float32([[1], [-1]])
# The mean over batches of 2 X' (X w - y) / 2, worked out in numpy below.
GRADIENTS = [X[i : i + 2].T @ (X[i : i + 2] @ KERNEL - Y[i : i + 2]) for i in (0, 2)]


def still(optimizer=None, **options):
    """A linear model that does not learn, so that each batch has a known gradient."""
    dense = keras.layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile(optimizer or keras.optimizers.SGD(0.0), "mse", **options)
    dense.set_weights([KERNEL])
    return model


def gradient(value, gradient, pattern):
    return gradient


def tapped(model, memory=None, observe=gradient, **options):
    weight = MaskedWeight(model.layers[0].kernel, Unstructured(), model)
    return GradientTap(model, [weight], observe, memory, **options)


def fit(model, epochs=1):
    model.fit(X, Y, batch_size=2, epochs=epochs, shuffle=False, verbose=0)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"jit_compile": True},
        {"steps_per_execution": 2},
        {"run_eagerly": True},
        {"optimizer": keras.optimizers.SGD(0.0, gradient_accumulation_steps=2)},
        {"optimizer": keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.0))},
        {"optimizer": keras.optimizers.SGD(0.0, clipnorm=1e-3)},
    ],
    ids=["plain", "jit", "steps", "eager", "accumulation", "loss scale", "clipping"],
)
def test_sum_is_that_of_the_gradients_of_the_batches(options):
    model = still(**options)
    tap = tapped(model)

    fit(model)

    np.testing.assert_allclose(
        tap.read(model.layers[0].kernel), sum(GRADIENTS), rtol=1e-5
    )


def test_running_mean_forgets():
    model = still()
    tap = tapped(model, memory=0.5)

    fit(model)

    expected = 0.25 * GRADIENTS[0] + 0.5 * GRADIENTS[1]
    np.testing.assert_allclose(tap.read(model.layers[0].kernel), expected, rtol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "bfloat16"])
def test_gradients_have_their_true_size_in_every_precision(policy):
    keras.config.set_dtype_policy(policy)
    # float16 overflows at the usual initial scale, and Keras leaves such steps out.
    inner = keras.optimizers.SGD(0.0)
    scaled = keras.optimizers.LossScaleOptimizer(inner, initial_scale=8.0)
    model = still(scaled if policy == "mixed_float16" else inner)
    tap = tapped(model)
    assert not tap.has_seen

    fit(model)

    assert tap.has_seen
    seen = tap.read(model.layers[0].kernel)
    assert seen.dtype == "float32"
    np.testing.assert_allclose(seen, sum(GRADIENTS), rtol=0.05)


def test_rows_of_an_embedding_are_seen_where_they_were_looked_up():
    embedding = keras.layers.Embedding(4, 1)
    model = keras.Sequential([keras.Input((1,)), embedding, keras.layers.Flatten()])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    embedding.set_weights([np.ones((4, 1))])
    weight = MaskedWeight(embedding.embeddings, Unstructured(), model)
    tap = GradientTap(model, [weight], gradient, None)

    model.fit(np.array([[1], [3], [1]]), np.zeros((3, 1)), verbose=0)

    seen = tap.read(embedding.embeddings).ravel()
    np.testing.assert_allclose(seen, [0, 4 / 3, 0, 2 / 3], rtol=1e-5)


def test_optimizer_that_is_held_changes_nothing():
    model = still(keras.optimizers.Adam(0.1))
    tapped(model, holding=True)

    fit(model)

    np.testing.assert_array_equal(model.layers[0].kernel, KERNEL)
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("order", [1, -1])
def test_taps_are_taken_out_in_any_order(order):
    model = still()
    apply = model.optimizer.apply
    taps = [tapped(model) for _ in range(3)]

    for tap in taps[::order]:
        tap.close()

    assert model.optimizer.apply == apply


def test_tap_whose_weight_is_another_masks_now_looks_away():
    model = still()
    tap = tapped(model)
    MaskedWeight(model.layers[0].kernel, Unstructured(), model)

    fit(model)

    assert not tap.read(model.layers[0].kernel).any()


def test_distribution_on_jax_is_refused(monkeypatch):
    model = still()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(keras.distribution, "distribution", lambda: "parallel")
    with pytest.raises(RuntimeError, match="on JAX under `keras.distribution`"):
        GradientTap(model, [], gradient, None)
