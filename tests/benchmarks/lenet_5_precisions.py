"""LeNet-5 in 8, 4 and 2 bits: rounded after training, or trained with the rounding."""

import functools
import pathlib
import tempfile

import cells
import keras
import numpy as np
from lenets import error, images, lenet_5, train

from tfcompress.conversion.convert import convert
from tfcompress.datasets.mnist import mnist
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.full import Full
from tfcompress.kernels.quantized import Quantized
from tfcompress.kernels.ternary import Ternary
from tfcompress.runtime.tflite_model import TFLiteModel

EPOCHS = 6
MORE = 3
RATE = 5e-4
DESCRIPTION = (
    "LeNet-5 on MNIST with all weights in 8, 4 and 2 bits: test error in percent of the "
    "last epoch, and of the file that LiteRT runs. Shortened recipe: 6 epochs in "
    "float32 (Adam 1e-3, cosine), rounded as it is, or trained for 3 more at 5e-4 with "
    "the rounding, as float32 is too; one seed"
)
KERNELS = {
    "8 bits": Quantized(bits=8),
    "4 bits": Quantized(bits=4),
    "2 bits": Quantized(bits=2),
    "2 bits, learned range": Quantized(bits=2, learned_range=True),
    "2 bits, Ternary": Ternary(),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    training, test = images(mnist(), fast)

    @functools.cache
    def trained():
        keras.utils.set_random_seed(seed)
        model = lenet_5()
        train(model, training, epochs=1 if fast else EPOCHS)
        return model

    def run(kernel, epochs):
        model = trained()
        # Twins of the same weights: each way of rounding begins at the same place.
        model = convert(model, {"*": Full() if kernel is None else kernel})
        keras.utils.set_random_seed(seed)
        if epochs:
            train(model, training, epochs=1 if fast else epochs, rate=RATE)
        return _figures(model, test, "kernels" if kernel else None)

    ways = {"after training": 0, "in training": MORE}
    tables = {
        name: {
            way: lambda kernel=kernel, epochs=epochs: run(kernel, epochs)
            for way, epochs in ways.items()
        }
        for name, kernel in {"float32": None, **KERNELS}.items()
    }
    return cells.measured("lenet_5_precisions", tables, fast=fast, seed=seed)


def _figures(model, test, quantize):
    x, y = test
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.tflite"
        # Two bits of weights that were not trained so may be far off, and shall be seen.
        made = to_tflite(model, path, quantize=quantize, tolerance=10.0)
        labels = TFLiteModel(path).predict(x, batch_size=1000).argmax(axis=-1)
    return {
        "error": round(error(model, test), 2),
        "error of the file": round(100 * float(np.mean(labels != y)), 2),
        "bytes of the file": made.bytes,
    }
