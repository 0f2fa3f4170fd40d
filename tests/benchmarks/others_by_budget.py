"""Trained models of other people in low rank, under a budget, with and without a fit."""

import pathlib
import tempfile

import keras
import numpy as np
from mistakes import fitted
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "Models that this project did not build, as files in Keras's cache "
    "(`~/.keras/models/NAME.keras`): ranks chosen "
    "for a share of all bytes, from the weights or from 1,000 training examples, then "
    "fine-tuned with the model itself as teacher. Test accuracy in percent, bytes of "
    "the .tflite (float32); one seed, nothing is chosen by the test images"
)
RATIOS = (0.5, 0.25, 0.15)
# The name, its data, and how many epochs of fine-tuning it gets.
MODELS = {
    "mnist_cnn": (lambda: tfc.datasets.load("mnist"), 1, 5),
    "resnet8": (lambda: tfc.datasets.load("cifar10_subset"), 255, 4),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    return {name: _rows(name, *options, fast, seed) for name, options in MODELS.items()}


def _rows(name, load, scale, epochs, fast, seed):
    keras.utils.set_random_seed(seed)
    model, data = model_of(name), load()
    count = 500 if fast else len(data.x_train)
    order = np.random.default_rng(seed).permutation(len(data.x_train))[:count]
    x, y = scale * data.x_train[order], data.y_train[order].ravel()
    test = scale * data.x_test, data.y_test.ravel()
    rows = {"as it came": {"accuracy": _accuracy(model, test), "bytes": _bytes(model)}}
    for ratio in RATIOS[:1] if fast else RATIOS:
        by_weights = tfc.convert(model, tfc.conversion.choose_ranks(model, ratio=ratio))
        some = x[:1000]
        recipe = tfc.conversion.choose_ranks(model, ratio=ratio, inputs=some)
        by_outputs = tfc.convert(model, recipe, inputs=some)
        row = {
            "from weights": _accuracy(by_weights, test),
            "from outputs": _accuracy(by_outputs, test),
        }
        teacher = tfc.callbacks.Distill(model, temperature=4.0, alpha=0.5)
        epochs = 1 if fast else epochs
        fitted(by_outputs, (x, y), epochs, teacher, logits=False)
        row["from outputs, fine-tuned"] = _accuracy(by_outputs, test)
        rows[f"{ratio:.0%} of the bytes"] = {**row, "bytes": _bytes(by_outputs)}
    return rows


def _accuracy(model, test):
    x, y = test
    outputs = model.predict(x, batch_size=500, verbose=0)
    return round(100 * float(np.mean(outputs.argmax(-1) == y)), 2)


def _bytes(model):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tflite")
        return tfc.export.to_tflite(model, path).bytes
