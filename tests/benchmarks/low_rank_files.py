"""Files of low-rank networks against that of the dense one: bytes and time."""

import pathlib
import tempfile

import keras

import tfcompress as tfc

DESCRIPTION = "TFLite files of 784-1000-1000-10 in low rank: smaller and faster by what"
RANKS = (32, 64)


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    units = 100 if fast else 1000
    models = {"dense": network(lambda: keras.layers.Dense(units, "relu"))}
    for rank in RANKS:
        low = {"rank": rank, "must_pay": False}
        models[f"rank {rank}"] = network(
            lambda low=low: tfc.layers.LowRankDense(units, "relu", **low)
        )
    with tempfile.TemporaryDirectory() as folder:
        files = {
            name: tfc.export.to_tflite(
                model, pathlib.Path(folder) / f"{name}.tflite", batch_size=1
            )
            for name, model in models.items()
        }
        paths = {name: file.path for name, file in files.items()}
        latency = tfc.runtime.compare_latency(paths, rounds=3 if fast else 101)
    dense = files["dense"].bytes
    return {
        name: {
            "bytes": file.bytes,
            "times smaller": round(dense / file.bytes, 2),
            "microseconds": round(latency.microseconds[name], 1),
            "times faster": round(1 / latency.ratios[name], 2),
        }
        for name, file in files.items()
    }


def network(hidden):
    return keras.Sequential(
        [keras.Input((784,)), hidden(), hidden(), keras.layers.Dense(10)]
    )
