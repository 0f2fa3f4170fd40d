"""How time and memory of each action grow with the size of the model."""

import functools
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import keras
import numpy as np
from cells import measured

import tfcompress as tfc

DESCRIPTION = (
    "Functional models of 1 to 100 million weights in float32, dense layers of 1,000 "
    "units with residual sums: seconds of an action, the same for each million of "
    "weights, and the greatest memory during it, beyond what the process held before, "
    "as a multiple of the model's size. Each in a process of its own; the first call "
    "of an action in a process is not measured. Where the action starts another "
    "process, as `to_tflite` does above 1 GB, all of that one's memory is added"
)
CURVES = ("seconds", "memory, times the model")
SIZES = (1, 4, 16, 64, 100)
WIDTH = 1000


def measure(fast: bool = False, seed: int = 0) -> dict:
    sizes = SIZES[:1] if fast else SIZES
    tables = {
        action: {
            f"{size} million": functools.partial(_row, action, size, seed)
            for size in (sizes[:-1] or sizes if action == "pack" else sizes)
        }
        for action in ACTIONS
    }
    return measured("growth", tables, fast=fast, seed=seed)


def _row(action, size, seed):
    command = [sys.executable, __file__, action, str(size), str(seed)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.run(command, capture_output=True, text=True, env=environment)
    if child.returncode:
        raise RuntimeError(f"{action}, {size} million: {child.stderr[-2000:]}")
    return json.loads(child.stdout.splitlines()[-1])


def _serve(action, size, seed):
    keras.utils.set_random_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        act = functools.partial(ACTIONS[action], folder=pathlib.Path(folder))
        act(_network(1, 10))
        model = _network(size, WIDTH)
        before = _memory("VmRSS")
        pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak, from here on
        begin = time.perf_counter()
        act(model)
        seconds = time.perf_counter() - begin
        beyond = _memory("VmHWM") - before
        # All that is started is waited for; in kB, the greatest of them.
        beyond += 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    weights = model.count_params()
    print()
    print(
        json.dumps(
            {
                "seconds": round(seconds, 2),
                "seconds a million": round(seconds / weights * 1e6, 3),
                "memory, times the model": round(beyond / (4 * weights), 2),
            }
        )
    )


def _network(layers, width):
    inputs = x = keras.Input((width,))
    for number in range(layers):
        y = keras.layers.Dense(width, "relu", name=f"hidden_{number}")(x)
        # Every second one gives its output to the next layer alone.
        x = x + y if number % 2 else y
    return keras.Model(inputs, keras.layers.Dense(10)(x))


def _memory(name):
    status = pathlib.Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return 1024 * int(line.split()[1])


def _convert(model, folder):
    tfc.convert(model, {"hidden_*": tfc.kernels.LowRank(ratio=0.25)})


def _prune(model, folder):
    model.compile("sgd", "mse")
    schedule = tfc.schedules.Polynomial(0.9, end=2, frequency=1)
    x = np.zeros((64, model.input_shape[1]), "float32")
    y = np.zeros((64, 10), "float32")
    prune = tfc.callbacks.PruneLowMagnitude(schedule)
    model.fit(x, y, batch_size=16, verbose=0, callbacks=[prune])


def _shrink(model, folder):
    tfc.shrink(model, keep={"hidden_0": 0.5})


def _export(model, folder):
    tfc.export.to_tflite(model, folder / "model.tflite")


def _export_in_8_bits(model, folder):
    tfc.export.to_tflite(model, folder / "model.tflite", quantize="dynamic")


def _pack(model, folder):
    (folder / "model.tfc").unlink(missing_ok=True)
    tfc.export.pack(model, folder / "model.tfc")


def _report(model, folder):
    str(tfc.report(model))


ACTIONS = {
    "report": _report,
    "convert to low rank": _convert,
    "prune, four steps": _prune,
    "shrink to half": _shrink,
    "to_tflite": _export,
    "to_tflite, 8 bits": _export_in_8_bits,
    "pack": _pack,
}

if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
