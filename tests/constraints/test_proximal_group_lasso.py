import keras
import numpy as np
import pytest

from tfcompress.constraints.proximal_group_lasso import ProximalGroupLasso
from tfcompress.regularizers.group_lasso import GroupLasso

KERNEL = np.array(
    [[3.0, 0.3], [4.0, 0.4]], "float32"
)  # columns 5, 0.5; rows 3.01, 4.02


def idle(constraint, optimizer, **kwargs):
    """A model whose loss has no gradient: only the constraint moves the kernel."""
    dense = keras.layers.Dense(2, kernel_constraint=constraint, use_bias=False)
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile(optimizer, "mse", **kwargs)
    dense.kernel.assign(KERNEL)
    return model, dense


def fit(model, steps):
    x = np.zeros((steps, 2))
    model.fit(x, x, batch_size=1, verbose=0)


def column_norms(dense):
    return np.linalg.norm(dense.kernel.numpy(), axis=0)


class TestCall:
    def test_takes_rate_times_strength_off_each_norm(self):
        w = ProximalGroupLasso(4.0, learning_rate=0.25)(KERNEL)
        np.testing.assert_allclose(w, [[2.4, 0.0], [3.2, 0.0]], rtol=1e-6)

    def test_of_outgoing_groups_acts_on_rows(self):
        w = ProximalGroupLasso(3.5, "outgoing", learning_rate=1.0)(KERNEL).numpy()
        np.testing.assert_array_equal(w.any(axis=1), [False, True])

    def test_of_both_is_columns_then_rows(self):
        both = ProximalGroupLasso(1.0, "both", learning_rate=1.0)(KERNEL)
        columns = ProximalGroupLasso(1.0, "incoming", learning_rate=1.0)(KERNEL)
        rows = ProximalGroupLasso(1.0, "outgoing", learning_rate=1.0)(columns)
        np.testing.assert_array_equal(both, rows)

    def test_passes_all_its_arguments_on(self, rng):
        options = {"groups": "both", "scale_by_size": True, "gates": 2}
        w = rng.normal(size=(3, 4))
        step = ProximalGroupLasso(0.3, learning_rate=0.5, **options)
        penalty = GroupLasso(0.3, **options)
        np.testing.assert_array_equal(step(w), penalty.proximal_step(w, 0.5))


class TestFit:
    @pytest.mark.parametrize(
        "options",
        [{}, {"jit_compile": True}, {"steps_per_execution": 3}, {"run_eagerly": True}],
    )
    def test_shortens_norms_at_every_step(self, options):
        constraint = ProximalGroupLasso(1.0, learning_rate=0.2)
        model, dense = idle(constraint, keras.optimizers.SGD(0.2), **options)

        fit(model, 3)

        np.testing.assert_allclose(column_norms(dense), [5 - 0.6, 0.0], rtol=1e-6)

    def test_with_sgd_solves_the_group_lasso(self, rng):
        """At the solution, the gradient of a group's loss is λ against its direction,
        and no longer than λ where the group is zero."""
        x = rng.normal(size=(32, 3)).astype("float32")
        y = x @ np.float32([[1, 0.1], [2, 0.0], [0, 0.1]])
        constraint = ProximalGroupLasso(0.4, learning_rate=0.2)
        dense = keras.layers.Dense(2, kernel_constraint=constraint, use_bias=False)
        model = keras.Sequential([keras.Input((3,)), dense])
        model.compile(keras.optimizers.SGD(0.2), "mse")

        model.fit(x, y, epochs=150, batch_size=32, verbose=0)

        kernel = dense.kernel.numpy()
        gradient = x.T @ (x @ kernel - y) / len(x)  # mean over 2 outputs, times 2
        expected = -0.4 * kernel[:, 0] / np.linalg.norm(kernel[:, 0])
        np.testing.assert_allclose(gradient[:, 0], expected, atol=1e-4)
        np.testing.assert_array_equal(kernel[:, 1], 0)
        assert np.linalg.norm(gradient[:, 1]) < 0.4

    def test_makes_exact_zeros_in_mixed_precision(self, rng):
        keras.config.set_dtype_policy("mixed_float16")
        constraint = ProximalGroupLasso(1.0, learning_rate=0.2)
        model, dense = idle(constraint, keras.optimizers.SGD(0.2))

        fit(model, 3)

        np.testing.assert_allclose(column_norms(dense), [5 - 0.6, 0.0], rtol=1e-6)


class TestOptimizerAsLearningRate:
    def test_follows_its_schedule(self):
        boundaries = keras.optimizers.schedules.PiecewiseConstantDecay([0], [0.5, 0.1])
        optimizer = keras.optimizers.SGD(boundaries)  # steps of 0.5, 0.1, 0.1
        model, dense = idle(ProximalGroupLasso(1.0, learning_rate=optimizer), optimizer)

        fit(model, 3)

        np.testing.assert_allclose(column_norms(dense)[0], 5 - 0.7, rtol=1e-6)

    def test_follows_a_rate_that_is_set_between_fits(self):
        optimizer = keras.optimizers.Adam(0.5)
        model, dense = idle(ProximalGroupLasso(1.0, learning_rate=optimizer), optimizer)
        fit(model, 1)

        optimizer.learning_rate = 0.25
        fit(model, 1)

        np.testing.assert_allclose(column_norms(dense)[0], 5 - 0.75, rtol=1e-6)

    @pytest.mark.parametrize("scaled", [False, True])
    def test_accounts_for_gradient_accumulation(self, scaled):
        optimizer = keras.optimizers.SGD(0.2, gradient_accumulation_steps=4)
        if scaled:
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        model, dense = idle(ProximalGroupLasso(1.0, learning_rate=optimizer), optimizer)

        fit(model, 8)  # two updates

        np.testing.assert_allclose(column_norms(dense)[0], 5 - 0.4, rtol=1e-6)

    def test_is_saved_as_the_rate_of_that_moment(self, tmp_path):
        optimizer = keras.optimizers.Adam(0.5)
        constraint = ProximalGroupLasso(0.1, "both", learning_rate=optimizer)
        model, _ = idle(constraint, optimizer)
        fit(model, 1)
        optimizer.learning_rate = 0.25

        model.save(tmp_path / "model.keras")

        loaded = keras.models.load_model(tmp_path / "model.keras")
        config = loaded.layers[0].kernel_constraint.get_config()
        assert config == {**constraint.get_config(), "learning_rate": 0.25}
        assert (config["strength"], config["groups"]) == (0.1, "both")


@pytest.mark.parametrize("strength", [-1.0, float("nan"), None])
def test_strength_must_be_a_number_of_at_least_zero(strength):
    with pytest.raises(ValueError, match=r"`strength` must be a number in \[0, inf\)"):
        ProximalGroupLasso(strength)


@pytest.mark.parametrize("learning_rate", [-0.1, float("inf"), "adam"])
def test_learning_rate_must_be_a_number_of_at_least_zero(learning_rate):
    with pytest.raises(ValueError, match=r"`learning_rate` must be a number in \[0, i"):
        ProximalGroupLasso(0.1, learning_rate=learning_rate)


def test_groups_must_be_known():
    with pytest.raises(ValueError, match="`groups` must be one of 'incoming', 'outgo"):
        ProximalGroupLasso(0.1, "rows")
