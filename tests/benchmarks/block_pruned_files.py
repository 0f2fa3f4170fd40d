"""What 1x4 blocks bring in the file: accuracy, bytes and latency."""

import pathlib
import tempfile

import keras
import numpy as np
from lenets import images, lenet_300_100, train

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.datasets.mnist import mnist
from tfcompress.export.tflite import to_tflite
from tfcompress.patterns.block import Block
from tfcompress.runtime.compare_latency import compare_latency
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "LeNet-300-100 on MNIST as float32 TFLite files, run by LiteRT: 20 epochs, then 20 "
    "more in which nothing, or scattered weights, or blocks of 4 inputs were pruned "
    "gradually. Test accuracy of the file in percent, last epoch; batch 1"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    train_on, test = images(mnist(), fast)
    epochs = 1 if fast else 20
    model = lenet_300_100(decay=1e-4)
    train(model, train_on, epochs=epochs)
    begin = model.get_weights()
    variants = {
        "dense": None,
        "90 %, scattered": (0.9, None),
        "90 %, blocks": (0.9, Block((4, 1))),
        "95 %, blocks": (0.95, Block((4, 1))),
    }
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, variant in variants.items():
            model = lenet_300_100(decay=1e-4)
            model.set_weights(begin)
            train(model, train_on, epochs=epochs, callbacks=_prunes(variant))
            files[name] = pathlib.Path(folder) / f"{len(files)}.tflite"
            to_tflite(model, files[name])
        latency = compare_latency(files, rounds=3 if fast else 301)
        dense = files["dense"].stat().st_size
        return {
            name: {
                "accuracy": round(_accuracy(path, test), 2),
                "bytes": path.stat().st_size,
                "times smaller": round(dense / path.stat().st_size, 2),
                "microseconds": round(latency.microseconds[name], 2),
                "times faster": round(1 / latency.ratios[name], 2),
            }
            for name, path in files.items()
        }


def _prunes(variant):
    if variant is None:
        return []
    sparsity, pattern = variant
    return [
        PruneLowMagnitude(
            Polynomial(sparsity, end="50%", frequency=100), pattern=pattern
        )
    ]


def _accuracy(path, test):
    x, y = test
    return 100 * float(np.mean(np.argmax(TFLiteModel(path).predict(x), axis=1) == y))
