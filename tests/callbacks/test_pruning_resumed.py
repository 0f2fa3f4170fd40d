"""A run that is killed and started again, and a run on two devices.

Both need a process of their own, and importing TensorFlow takes longer than the runs:
there is one, which runs this file as a script. Before TensorFlow is used it forks for
each method a process that trains until it kills itself; then it trains each method on
two devices.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from pruning_runs import KEPT, METHODS, STEPS, Watch, fit, kept, kernels, network

EPOCHS = 3


class Kill(keras.callbacks.Callback):
    """Ends the process as a power cut would."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def trained(method, *callbacks):
    keras.utils.set_random_seed(5)
    model = network(model=keras.Model)
    prune = METHODS[method]()
    # Before it and after it: either order must do.
    order = [*callbacks, prune] if len(method) % 2 else [prune, *callbacks]
    history = fit(model, *order, epochs=EPOCHS)
    return model, history


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    tests = pathlib.Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, __file__, str(folder)]
    subprocess.run(command, check=True, env=environment)
    return folder


def backup(folder, method):
    # Not deleted at the end, to see afterwards that it was used.
    path = folder / method
    return keras.callbacks.BackupAndRestore(path, delete_checkpoint=False)


@pytest.mark.parametrize("method", METHODS)
def test_killed_run_reaches_the_weights_and_masks_of_one_that_was_not(method, folder):
    uncut, _ = trained(method)

    resumed, history = trained(method, backup(folder, method))

    killed = json.loads((folder / "killed.json").read_text())[method]
    assert killed["signal"] == signal.SIGKILL
    assert history.epoch == list(range(killed["step"] // STEPS, EPOCHS))
    np.testing.assert_equal(kernels(resumed), kernels(uncut))
    assert sum(kept(resumed)) == sum(KEPT)


@pytest.mark.parametrize("method", METHODS)
def test_masks_hold_on_two_devices(method, folder):
    seen = json.loads((folder / "devices.json").read_text())[method]

    assert seen["replicas"] == 2
    assert (seen["violations"], seen["batches"]) == (0, EPOCHS * STEPS)
    assert sum(seen["kept"]) == sum(KEPT)
    assert seen["differences"] == 0


def _kill_runs(folder):
    steps = random.Random(0)
    killed = {}
    for method in METHODS:
        step = steps.randrange(STEPS + 1, EPOCHS * STEPS)
        child = os.fork()
        if child == 0:
            trained(method, backup(folder, method), Kill(step))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        killed[method] = {"step": step, "signal": os.WTERMSIG(status)}
    return killed


def _run_on_two_devices():
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [half, half])
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    seen = {}
    for method in METHODS:
        with strategy.scope():
            model = network(model=keras.Model)
        prune, watch = METHODS[method](), Watch()
        fit(model, prune, watch, epochs=EPOCHS)
        copies = [
            strategy.experimental_local_results(variable.value)
            for variable in model.trainable_variables
        ]
        seen[method] = {
            "replicas": strategy.num_replicas_in_sync,
            "violations": int(watch.violations),
            "batches": watch.watched,
            "kept": kept(model),
            "differences": sum(
                int(np.count_nonzero(one.numpy() != two.numpy())) for one, two in copies
            ),
        }
    return seen


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    (out / "killed.json").write_text(json.dumps(_kill_runs(out)))
    (out / "devices.json").write_text(json.dumps(_run_on_two_devices()))
