import keras
import numpy as np
import pytest

from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.regularizers.drop_neuron import DropNeuron
from tfcompress.regularizers.group_lasso import GroupLasso
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

X = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
Y = X @ np.float32([[1, 0.1], [2, 0.0], [0, 0.1]])


def linear(optimizer, penalty, **options):
    step = ProximalStep(penalty, learning_rate=optimizer)
    dense = keras.layers.Dense(2, kernel_constraint=step, use_bias=False)
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile(optimizer, "mse", **options)
    return model


def fit(model, **options):
    options = {"batch_size": 32, "verbose": 0, "shuffle": False, **options}
    model.fit(X, Y, **options)
    return model.layers[0].kernel.numpy()


@pytest.mark.parametrize(
    "penalty",
    [GroupLasso(0.2), SparseGroupLasso(0.2, 0.1), DropNeuron(0.1, 0.2)],
    ids=lambda penalty: type(penalty).__name__,
)
def test_each_penalty_takes_its_own_step_after_the_update(penalty):
    start = linear(keras.optimizers.SGD(0.5), penalty)
    before = start.layers[0].kernel.numpy()
    gradient = X.T @ (X @ before - Y) / len(X)

    kernel = fit(start)

    expected = penalty.proximal_step(before - 0.5 * gradient, 0.5)
    np.testing.assert_allclose(kernel, expected, atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_momentum_weakens_the_penalty(momentum):
    """The gradient at the end is (1 - m) λ against the direction of a living group."""
    optimizer = keras.optimizers.SGD(0.1, momentum=momentum)

    kernel = fit(linear(optimizer, GroupLasso(0.4)), epochs=150)

    gradient = X.T @ (X @ kernel - Y) / len(X)
    direction = kernel[:, 0] / np.linalg.norm(kernel[:, 0])
    expected = -(1 - momentum) * 0.4 * direction
    np.testing.assert_allclose(gradient[:, 0], expected, atol=1e-3)
    np.testing.assert_array_equal(kernel[:, 1], 0)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_accumulated_small_batches_end_where_large_ones_do(jit_compile):
    whole = linear(keras.optimizers.SGD(0.2), GroupLasso(0.4))
    accumulating = keras.optimizers.SGD(0.2, gradient_accumulation_steps=4)
    parts = linear(accumulating, GroupLasso(0.4), jit_compile=jit_compile)
    parts.set_weights(whole.get_weights())

    expected = fit(whole, epochs=5)
    kernel = fit(parts, batch_size=8, epochs=5)

    np.testing.assert_allclose(kernel, expected, atol=1e-6)


def test_scales_of_a_batch_normalization_become_exactly_zero(rng):
    """Network slimming: channels that the target does not need lose their scale."""
    step = ProximalStep(GroupLasso(0.5), learning_rate=0.1)
    norm = keras.layers.BatchNormalization(gamma_constraint=step, name="norm")
    model = keras.Sequential([keras.Input((4,)), norm, keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.layers[1].kernel.assign(np.ones((4, 1)))
    x = rng.normal(size=(64, 4))

    model.fit(x, 2 * x[:, :1] - 2 * x[:, 1:2], epochs=10, batch_size=16, verbose=0)

    assert (norm.gamma.numpy() != 0).tolist() == [True, True, False, False]


@pytest.mark.parametrize("penalty", [GroupLasso(0.3, "both"), SparseGroupLasso(0.1)])
def test_saved_model_goes_on_with_the_same_step(penalty, tmp_path):
    model = linear(keras.optimizers.SGD(0.5), penalty)
    fit(model)
    model.save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras")

    step = loaded.layers[0].kernel_constraint
    assert type(step.penalty) is type(penalty)
    assert step.penalty.get_config() == penalty.get_config()
    np.testing.assert_allclose(fit(loaded), fit(model), atol=1e-6)


@pytest.mark.parametrize("penalty", [keras.regularizers.L1(0.1), "l2", None])
def test_penalty_without_a_proximal_step_is_refused(penalty):
    with pytest.raises(TypeError, match="`penalty` must be .* with a proximal step"):
        ProximalStep(penalty)


@pytest.mark.parametrize("rate", [-0.1, float("inf"), "adam"])
def test_learning_rate_must_be_a_number_of_at_least_zero(rate):
    with pytest.raises(ValueError, match=r"`learning_rate` must be a number in \[0, i"):
        ProximalStep(GroupLasso(0.1), learning_rate=rate)


def test_model_whose_rate_has_decayed_to_zero_is_loaded(tmp_path):
    decay = keras.optimizers.schedules.CosineDecay(0.1, 2)
    model = linear(keras.optimizers.SGD(decay), GroupLasso(0.1))
    kernel = fit(model, epochs=2)
    model.save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras")

    np.testing.assert_array_equal(loaded.layers[0].kernel, kernel)
