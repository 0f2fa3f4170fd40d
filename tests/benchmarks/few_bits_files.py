"""TFLite files of a dense layer of few bits against that of float32."""

import pathlib
import tempfile

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = "Files of a 1000x1024 dense layer of few bits: bytes, latency, error"

KERNELS = {
    "Binary (int2)": tfc.kernels.Binary(scale="channel"),
    "Ternary (int2)": tfc.kernels.Ternary(),
    "Quantized 4 (int4 blocks)": tfc.kernels.Quantized(bits=4),
    "Quantized 8 (int8)": tfc.kernels.Quantized(bits=8),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    figures = {}
    for width in (1000, 1024):
        figures[f"{width} inputs"] = _files(width, fast, seed)
    return figures


def _files(width, fast, seed):
    dense = keras.layers.Dense(1024, name="dense")
    model = keras.Sequential([keras.Input((width,)), dense])
    x = np.random.default_rng(seed).normal(size=(64, width)).astype("float32")
    options = {"probe": x, "batch_size": 1}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        paths = {"float32": folder / "float32.tflite"}
        tfc.export.to_tflite(model, paths["float32"], **options)
        errors, notes = {"float32": 0.0}, {"float32": ""}
        for index, (name, kernel) in enumerate(KERNELS.items()):
            small = tfc.convert(model, {"dense": kernel})
            path = paths[name] = folder / f"{index}.tflite"
            result = tfc.export.to_tflite(small, path, quantize="kernels", **options)
            right = keras.ops.convert_to_numpy(small(x))
            missed = tfc.runtime.TFLiteModel(path).predict(x) - right
            errors[name] = np.linalg.norm(missed) / np.linalg.norm(right)
            notes[name] = result.notes[0].split(": ", 1)[1]
        latency = tfc.runtime.compare_latency(paths, rounds=3 if fast else 41)
        size = paths["float32"].stat().st_size
        return {
            name: {
                "stored as": notes[name],
                "bytes": path.stat().st_size,
                "times smaller": round(size / path.stat().st_size, 2),
                "us": round(latency.microseconds[name], 1),
                "times faster": round(1 / latency.ratios[name], 2),
                "relative error to Keras": round(float(errors[name]), 5),
            }
            for name, path in paths.items()
        }
