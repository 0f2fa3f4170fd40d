"""A run that is killed and started again, and a run on two devices.

Both need a process of their own, and importing TensorFlow takes longer than the runs:
there is one, which runs this file as a script. It trains on two devices, and then
until it kills itself.
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
from pruning_runs import METHODS, STEPS, Watch, fit, kernels, network, prunes

EPOCHS = 4
# Anywhere after the first epoch; what the epoch did until then is lost.
KILLED_AT = random.Random(0).randrange(STEPS, EPOCHS * STEPS)


# Devices must be there before anything else of TensorFlow is.
START = """
import runpy, sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
half = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(cpu, [half, half])
runpy.run_path(sys.argv[1], run_name="__main__")
"""


class Kill(keras.callbacks.Callback):
    """Ends the process as a power cut would."""

    def __init__(self, step):
        super().__init__()
        self.epoch, self.batch = divmod(step, STEPS)

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.now, batch) == (self.epoch, self.batch):
            os.kill(os.getpid(), signal.SIGKILL)


def trained(folder=None, kill_at=None):
    keras.utils.set_random_seed(5)
    model, pruning = network(model=keras.Model), prunes()
    # In the midst of them: it must do in either order.
    callbacks = list(pruning.values())
    if folder is not None:
        backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
        callbacks.insert(len(callbacks) // 2, backup)
    if kill_at is not None:
        callbacks.append(Kill(kill_at))
    return model, pruning, fit(model, *callbacks, epochs=EPOCHS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    tests = pathlib.Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-c", START, __file__, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    return folder


def test_killed_run_reaches_the_weights_and_masks_of_one_that_was_not(folder):
    uncut, uncut_pruning, _ = trained()

    model, pruning, history = trained(folder / "backup")

    assert history.epoch == list(range(KILLED_AT // STEPS, EPOCHS))
    np.testing.assert_equal(kernels(model), kernels(uncut))
    for name, prune in pruning.items():
        rows = [list(one.summary().values()) for one in (prune, uncut_pruning[name])]
        assert rows[0] == rows[1]
        assert prune.sparsity == 0.75


def test_masks_hold_on_two_devices(folder):
    seen = json.loads((folder / "devices.json").read_text())

    assert seen["replicas"] == 2
    assert (seen["violations"], seen["batches"]) == (0, EPOCHS * STEPS)
    assert seen["sparsity"] == dict.fromkeys(METHODS, 0.75)
    assert seen["differences"] == 0


def _run_on_two_devices():
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        model = network(model=keras.Model)
    pruning, watch = prunes(), Watch()
    fit(model, *pruning.values(), watch, epochs=EPOCHS)
    copies = [
        strategy.experimental_local_results(variable.value)
        for variable in model.trainable_variables
    ]
    return {
        "replicas": strategy.num_replicas_in_sync,
        "violations": int(watch.violations),
        "batches": watch.watched,
        "sparsity": {name: prune.sparsity for name, prune in pruning.items()},
        "differences": sum(
            int(np.count_nonzero(one.numpy() != two.numpy())) for one, two in copies
        ),
    }


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[2])
    (out / "devices.json").write_text(json.dumps(_run_on_two_devices()))
    trained(out / "backup", kill_at=KILLED_AT)
