import keras
import numpy as np

from tfcompress.callbacks.step_variable import (
    inner_optimizer,
    of_all_replicas,
    step_variable,
)


def compiled(optimizer):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model


def test_variable_has_its_value_and_is_no_part_of_the_model():
    model = compiled("sgd")

    variable = step_variable(model, np.ones((2, 1)), "float32")

    np.testing.assert_array_equal(variable, np.ones((2, 1)))
    assert not variable.trainable
    assert all(v is not variable for v in model.variables)


def test_optimizer_of_a_jax_model_owns_it(monkeypatch):
    model = compiled("sgd")
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")

    variable = step_variable(model, np.full((2, 1), 3.0), "float32")

    np.testing.assert_array_equal(variable, np.full((2, 1), 3.0))
    assert any(v is variable for v in model.optimizer.variables)


def test_gradients_come_to_the_optimizer_inside_a_loss_scale():
    inner = keras.optimizers.SGD()

    assert (
        inner_optimizer(compiled(keras.optimizers.LossScaleOptimizer(inner))) is inner
    )
    assert inner_optimizer(compiled(inner)) is inner


def test_one_replica_is_all_of_them():
    np.testing.assert_array_equal(of_all_replicas(keras.ops.ones(3)), np.ones(3))
