import pathlib
import subprocess
import sys
import warnings

import keras
import numpy as np
import pytest

from tfcompress.callbacks.penalty_schedule import PenaltySchedule
from tfcompress.callbacks.watch_sparsity import WatchSparsity
from tfcompress.kernels.hard_concrete import HardConcrete
from tfcompress.kernels.variational_dropout import VariationalDropout
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM


def _fit(layer, shape=(4,), **options):
    model = keras.Sequential([keras.Input(shape), layer])
    steps = options.pop("steps_per_execution", 1)
    model.compile(keras.optimizers.SGD(0.0), "mse", steps_per_execution=steps)
    layer.built or model.build()
    x, y = np.ones((2, *shape)), np.ones((2, 2))
    callbacks = [WatchSparsity(), *options.pop("callbacks", [])]
    return model.fit(x, y, verbose=0, callbacks=callbacks, **options)


def test_sparsity_is_that_of_all_kernels_at_inference():
    kernel = HardConcrete(strength=0.0, groups="output")
    layer = CompressedLSTM(2, kernels=kernel)
    layer.build((None, 3, 4))
    layer.kernels["kernel"].gate.assign([[-4.0] * 4 + [4.0] * 4])
    history = _fit(layer, (3, 4))
    # Half of 4 x 8 weights, and none of 2 x 8: the cell's kernels are counted once.
    assert history.history["sparsity"] == [pytest.approx(16 / 48)]


def test_a_weight_that_is_lost_is_told_once():
    layer = CompressedDense(2, kernel=HardConcrete(strength=0.5), name="lost")
    layer.build((None, 4))
    layer.kernels["kernel"].gate.assign(np.full((4, 2), -4.0))
    with pytest.warns(UserWarning, match="'kernel' of layer 'lost' is zero") as told:
        _fit(layer, epochs=3)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("strength", "options", "warns"),
    [
        (1e-3, {"epochs": 2}, True),
        (1e-3, {"epochs": 2, "batch_size": 1, "steps_per_execution": 2}, True),
        (0.0, {"epochs": 2}, False),
        (1e-3, {"epochs": 20}, False),
        (1e-3, {"epochs": 2, "initial_epoch": 1}, False),
        (1e-3, {"epochs": 2, "callbacks": [PenaltySchedule(1e-3, end="100%")]}, False),
    ],
    ids=[
        "pressed",
        "several steps at once",
        "no penalty",
        "long",
        "continued",
        "scheduled",
    ],
)
def test_a_short_run_without_a_warm_up_is_told(strength, options, warns):
    layer = CompressedDense(2, kernel=VariationalDropout(strength=strength))
    if warns:
        with pytest.warns(
            UserWarning, match="pressed from the first step of a run of 2"
        ):
            _fit(layer, **options)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _fit(layer, **options)


def test_a_layer_that_has_learned_zeros_needs_no_warm_up_again():
    layer = CompressedDense(2, kernel=VariationalDropout(strength=1e-3))
    layer.build((None, 4))
    variance = np.full((4, 2), -10.0)
    variance[0] = 9.0  # noise, however large its weight
    layer.kernels["kernel"].log_variance.assign(variance)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _fit(layer, epochs=2)


REPLICAS = """
import warnings
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
import keras, numpy as np, tfcompress as tfc
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    noise = tfc.kernels.VariationalDropout(strength=1e-3)
    gates = tfc.kernels.HardConcrete(strength=0.5)
    lost = tfc.layers.CompressedDense(2, kernel=gates, name="lost")
    model = keras.Sequential([
        keras.Input((4,)), tfc.layers.CompressedDense(2, kernel=noise), lost])
    model.compile(keras.optimizers.SGD(0.0), "mse")
lost.kernels["kernel"].gate.assign(np.full((2, 2), -4.0))
x, y = np.ones((4, 4)), np.ones((4, 2))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    watch = tfc.callbacks.WatchSparsity()
    history = model.fit(x, y, verbose=0, callbacks=[watch]).history
told = " ".join(str(one.message) for one in told)
assert "pressed from the first step" in told, told
assert "'kernel' of layer 'lost' is zero" in told, told
assert history["sparsity"] == [4 / 12], history
"""


def test_two_replicas_are_watched_too():
    root = pathlib.Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", REPLICAS], check=True, cwd=root)


def test_a_model_that_learns_no_zeros_is_refused():
    with pytest.raises(ValueError, match="have a kernel that learns which weights are"):
        _fit(keras.layers.Dense(2))
