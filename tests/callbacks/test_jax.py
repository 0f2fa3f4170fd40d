"""Pruning on Keras's JAX backend, which a process chooses once: in one of its own."""

import importlib.util
import os
import subprocess
import sys

import pytest

SCRIPT = """
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
]
for make in prunes:
    for steps in (1, 3):
        parts = [keras.layers.Dense(20, "relu"), keras.layers.Dense(8)]
        model = keras.Sequential([keras.Input((8,)), *parts])
        model.compile("adam", "mse", steps_per_execution=steps)
        model.fit(x, y, batch_size=8, epochs=3, verbose=0, callbacks=[make()])
        print(sum(int(np.count_nonzero(part.kernel)) for part in parts))
"""


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX")
def test_masks_hold_and_move_within_a_compiled_step():
    environment = {**os.environ, "KERAS_BACKEND": "jax"}

    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True
    )

    assert run.stdout.split() == ["80"] * 8, run.stderr  # a quarter of 160 + 160
