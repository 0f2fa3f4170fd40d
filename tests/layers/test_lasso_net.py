import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras.src import testing

from tfcompress.layers.lasso_net import LassoNet


def model_of(layer, features=6, **compiled):
    model = keras.Sequential([keras.Input((features,)), layer])
    model.compile(loss="mse", **compiled)
    return model


class HierarchyAtEachStep(keras.callbacks.Callback):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def on_train_batch_end(self, batch, logs=None):
        theta = np.linalg.norm(self.layer.skip.kernel, axis=1)
        weights = np.abs(self.layer.hidden[0].kernel).max(axis=1)
        assert (weights <= self.layer.hierarchy * theta * (1 + 1e-5)).all()


def test_outputs_are_a_linear_map_and_a_network():
    layer = LassoNet(2, (3,))
    x = np.array([[1.0, -2.0]], "float32")
    y = layer(x)
    hidden = np.maximum(x @ layer.hidden[0].kernel.numpy(), 0)
    expected = (
        x @ layer.skip.kernel.numpy() + hidden @ layer.output_layer.kernel.numpy()
    )
    np.testing.assert_allclose(y, expected, rtol=1e-5)


@pytest.mark.parametrize(
    "compiled",
    [
        {},
        {"jit_compile": True},
        {"steps_per_execution": 4},
        {"run_eagerly": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_no_hidden_weight_exceeds_its_bound_after_any_step(compiled, dtype, rng):
    keras.utils.set_random_seed(0)
    sgd = keras.optimizers.SGD(0.1)
    layer = LassoNet(1, (4,), hierarchy=2.0, learning_rate=sgd, dtype=dtype)
    model = model_of(layer, optimizer=sgd, **compiled)
    x, y = rng.normal(size=(64, 6)), rng.normal(size=(64, 1))
    layer.strength.assign(0.1)
    model.fit(x, y, batch_size=8, verbose=0, callbacks=[HierarchyAtEachStep(layer)])


def test_a_step_is_the_rate_times_the_strength():
    layer = LassoNet(1, (2,), strength=2.0, learning_rate=0.5)
    model = model_of(layer, features=2, optimizer=keras.optimizers.SGD(0.5))
    layer.skip.kernel.assign([[3.0], [0.5]])
    layer.hidden[0].kernel.assign(np.zeros((2, 2)))
    model.train_on_batch(np.zeros((1, 2)), np.zeros((1, 1)))  # nothing but the step
    np.testing.assert_allclose(layer.skip.kernel, [[2.0], [0.0]])


def test_strength_is_followed_without_another_compilation(rng):
    traces = []
    layer = LassoNet(1, (4,), learning_rate=0.1)
    model = model_of(layer, optimizer=keras.optimizers.SGD(0.1))
    layer.step.penalty.proximal_step = (
        lambda theta, rate, inner=(layer.step.penalty.proximal_step): (
            traces.append(1),
            inner(theta, rate),
        )[1]
    )
    x, y = rng.normal(size=(8, 6)), np.zeros((8, 1))
    model.fit(x, y, verbose=0)
    assert layer.selected.tolist() == [0, 1, 2, 3, 4, 5]
    before = len(traces)
    layer.strength.assign(1e4)
    model.fit(x, y, verbose=0)
    assert layer.selected.tolist() == []
    assert len(traces) == before


def test_saved_layer_gives_the_same_outputs_and_strength(tmp_path, rng):
    layer = LassoNet(3, (4, 2), "tanh", hierarchy=3.0, strength=0.25)
    model = keras.Sequential([keras.Input((6,)), layer])
    model.layers[0].strength.assign(0.5)
    model.save(tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras")
    x = rng.normal(size=(5, 6))
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), model.predict(x, verbose=0)
    )
    assert float(loaded.layers[0].strength) == 0.5
    assert loaded.layers[0].skip.kernel.constraint is loaded.layers[0].step


REPLICAS = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
import contextlib, keras, numpy as np, tfcompress as tfc
x = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")
trained = []
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
for scope in (strategy.scope(), contextlib.nullcontext()):
    keras.utils.set_random_seed(0)
    with scope:
        sgd = keras.optimizers.SGD(0.05)
        layer = tfc.layers.LassoNet(
            1, (4,), hierarchy=2.0, strength=4.0, learning_rate=sgd)
        model = keras.Sequential([keras.Input((6,)), layer])
        model.compile(sgd, "mse", jit_compile=False)
    model.fit(x, 2 * x[:, :1], batch_size=8, epochs=4, shuffle=False, verbose=0)
    assert 0 < len(layer.selected) < 6, layer.selected
    trained.append((model, [np.array(w) for w in model.trainable_weights]))
(model, ours), (_, theirs) = trained
for variable, one, other in zip(model.trainable_weights, ours, theirs):
    first, second = variable.value.values
    np.testing.assert_array_equal(first.numpy(), second.numpy())
    np.testing.assert_allclose(one, other, atol=1e-5)
"""


def test_two_replicas_take_the_steps_of_one():
    root = pathlib.Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", REPLICAS], check=True, cwd=root)


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_passes_the_harness_of_keras():
    testing.TestCase().run_layer_test(
        LassoNet,
        init_kwargs={"units": 3, "hidden_units": (4,), "strength": 0.1},
        input_shape=(2, 5),
        expected_output_shape=(2, 3),
        expected_num_trainable_weights=5,
        expected_num_non_trainable_weights=1,
        run_training_check=True,
        supports_masking=False,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "`units` must be a positive integer"),
        ({"units": 1, "hidden_units": ()}, "`hidden_units` must be a list of sizes"),
        ({"units": 1, "hidden_units": 100}, "`hidden_units` must be a list of sizes"),
        ({"units": 1, "hidden_units": (3, 0)}, "`hidden_units` must be a positive"),
        ({"units": 1, "hierarchy": 0}, r"`hierarchy` must be a number in \(0, inf\)"),
        ({"units": 1, "hierarchy": -1}, r"`hierarchy` must be a number in \(0, inf\)"),
        ({"units": 1, "strength": -1}, r"`strength` must be a number in \[0, inf\)"),
        ({"units": 1, "learning_rate": -1}, "`learning_rate` must be a number"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        LassoNet(**arguments)


def test_sequences_are_refused():
    with pytest.raises(ValueError, match=r"`inputs` must have two axes"):
        LassoNet(1).build((None, 3, 4))
