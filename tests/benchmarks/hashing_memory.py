"""Memory of a hashed layer in training: what is held for positions, and the peak."""

import json
import os
import subprocess
import sys

DESCRIPTION = "Memory of Dense against hashed layers of 4096 x 4096 in training (SGD)"

LAYERS = {
    "Dense": None,
    "Hashed 1/64, blocks of 16": {},
    "Hashed 1/64, elements": {"block_size": 1},
    "Hashed 1/64, blocks of 16, no tables": {"tables": False},
    "Hashed 1/64, elements, no tables": {"block_size": 1, "tables": False},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    units = 512 if fast else 4096
    figures = {}
    for jit in (False,) if fast else (False, True):
        rows = {
            name: _in_a_process_of_its_own(units, options, jit, seed)
            for name, options in LAYERS.items()
        }
        figures["XLA" if jit else "plain"] = rows
    return figures


def _in_a_process_of_its_own(units, options, jit, seed):
    # The peak of a process never falls: each candidate has its own.
    task = json.dumps([units, options, jit, seed])
    command = [sys.executable, __file__, task]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    )
    return json.loads(done.stdout.splitlines()[-1])


def _measured(units, options, jit, seed):
    import keras
    import numpy as np

    import tfcompress as tfc

    keras.utils.set_random_seed(seed)
    x = np.zeros((8, units), "float32")
    # The frameworks' own needs, met before anything is counted.
    small = tfc.layers.HashedDense(16, ratio=1 / 8, seed=seed)
    warm = keras.Sequential([keras.Input((units,)), keras.layers.Dense(1), small])
    warm.compile("sgd", "mse", jit_compile=jit)
    warm.train_on_batch(x, x[:, :16])
    begin = _now()

    if options is None:
        layer = keras.layers.Dense(units, use_bias=False)
    else:
        layer = tfc.layers.HashedDense(
            units, use_bias=False, ratio=1 / 64, seed=seed, **options
        )
    model = keras.Sequential([keras.Input((units,)), layer])
    model.compile("sgd", "mse", jit_compile=jit)
    for _ in range(3):
        model.train_on_batch(x, x)
    tables = 0 if options is None else layer.kernels["kernel"].table_bytes
    return {
        "table bytes / dense bytes": round(tables / (4 * units**2), 4),
        "weights MB": round(4 * model.count_params() / 2**20, 2),
        "held after training MB": round(_now() - begin, 1),
        "peak of training MB": round(_peak() - begin, 1),
    }


def _now():
    return _status("VmRSS")


def _peak():
    return _status("VmHWM")


def _status(key):
    with open("/proc/self/status") as lines:
        line = next(line for line in lines if line.startswith(key))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(_measured(*json.loads(sys.argv[1]))))
