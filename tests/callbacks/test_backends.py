"""Pruning on the other backends of Keras, each in a process: it is chosen only once."""

import importlib.util
import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys

import keras
import numpy as np

import tfcompress as tfc

x, y = np.random.default_rng(0).normal(size=(2, 64, 8)).astype("float32")
ramp = tfc.schedules.Polynomial(0.75, end="70%", frequency=3)
prunes = [
    lambda: tfc.callbacks.PruneLowMagnitude(ramp, scope="global"),
    lambda: tfc.callbacks.PruneByMovement(ramp),
    lambda: tfc.callbacks.RegrowByGradient(tfc.schedules.Constant(0.75), frequency=4),
    lambda: tfc.callbacks.PruneAtInitialization(0.75, batches=2),
    lambda: tfc.callbacks.PruneChannels(ramp, by="taylor"),
]
for make in prunes:
    for steps in map(int, sys.argv[1:]):
        parts = [keras.layers.Dense(20, "relu"), keras.layers.Dense(8)]
        model = keras.Sequential([keras.Input((8,)), *parts])
        model.compile("adam", "mse", steps_per_execution=steps)
        model.fit(x, y, batch_size=8, epochs=3, verbose=0, callbacks=[make()])
        print(sum(int(np.count_nonzero(part.kernel)) for part in parts))
"""


# Keras runs one step at a time on PyTorch.
@pytest.mark.parametrize(("backend", "steps"), [("jax", "13"), ("torch", "1")])
def test_masks_hold_and_move_within_a_compiled_step(backend, steps):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"needs {backend}, which is not installed")
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", SCRIPT, *steps]

    run = subprocess.run(command, env=environment, capture_output=True, text=True)

    kept = ["80"] * 5 * len(steps)  # a quarter of 160 + 160
    assert run.stdout.split() == kept, run.stderr
