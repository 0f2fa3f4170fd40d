import keras
import numpy as np
from keras import layers

from tfcompress.callbacks.channel_scores.taylor import Taylor
from tfcompress.surgery.groups import coupled_groups

X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 1)).astype("float32")


def scored(*hidden, optimizer=None, batch_size=8):
    """Fits a model that does not move, and returns it with its first group's scores."""
    keras.utils.set_random_seed(0)
    first = layers.Dense(4, name="a", bias_initializer="normal")
    model = keras.Sequential([keras.Input((3,)), first, *hidden, layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.0), "mse")
    group = coupled_groups(model)[0]
    taylor = Taylor()
    taylor.attach(model, [group])
    assert not taylor.ready
    model.fit(X, Y, batch_size=batch_size, verbose=0, shuffle=False)
    assert taylor.ready
    scores = taylor.scores(group)
    taylor.detach()
    return model, scores


def activation_times_gradient(model, x, y):
    """Of the hidden layer's outputs, by hand: loss (v a + c - y)^2 on average."""
    a = x @ model.layers[0].kernel.numpy() + model.layers[0].bias.numpy()
    last = model.layers[-1]
    error = np.maximum(a, 0) @ last.kernel.numpy() + last.bias.numpy() - y
    gradient = 2 * error * last.kernel.numpy()[:, 0] * (a > 0) / len(x)
    return np.abs((a * gradient).sum(axis=0))


def test_weight_times_gradient_is_activation_times_gradient():
    model, scores = scored(layers.ReLU())
    expected = activation_times_gradient(model, X, Y)
    np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_score_is_the_mean_over_batches_of_the_sizes():
    model, scores = scored(layers.ReLU(), batch_size=4)
    parts = [
        activation_times_gradient(model, X[i : i + 4], Y[i : i + 4]) for i in (0, 4)
    ]
    np.testing.assert_allclose(scores, np.mean(parts, axis=0), rtol=1e-4)


def test_scaled_losses_do_not_change_the_scores():
    _, expected = scored(layers.ReLU())
    scaling = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.0))
    _, scores = scored(layers.ReLU(), optimizer=scaling)
    np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_before_a_batch_normalization_only_its_scale_and_shift_count():
    """The loss does not depend on the length of what is normalized: with a rate of 1,
    the step that scale and shift take tells their whole score."""
    norm = layers.BatchNormalization(
        epsilon=1e-7, beta_initializer="ones", gamma_initializer="ones"
    )
    _, scores = scored(norm, optimizer=keras.optimizers.SGD(1.0))

    steps = 1 - norm.gamma.numpy() + 1 - norm.beta.numpy()
    np.testing.assert_allclose(scores, np.abs(steps), rtol=1e-3, atol=1e-4)
