"""All forms of a file that `to_tflite` tries for a goal, on five trained networks."""

import dataclasses
import pathlib
import tempfile

import keras
import numpy as np
from cells import measured
from lenets import lenet_5, lenet_300_100
from mistakes import fitted
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "Every variant of the file of a trained network, run by LiteRT beside the one in "
    "float32 (batch 1): bytes, time, accuracy on 1,000 examples held out, of which it may "
    "lose 1 %. `test` is the accuracy of the smallest file on the test data. Short "
    "trainings by Adam, none of ResNet-8, which is MLPerf Tiny's from Keras's cache; the "
    "networks are plain but for blocks of 4 and 16 pruned inputs"
)

HELD_OUT = 1000


def measure(fast: bool = False, seed: int = 0) -> dict:
    cases = {
        "LeNet-300-100": (tfc.datasets.mnist, lenet_300_100, 8, None),
        "LeNet-300-100, 90 % pruned in 1x4": (
            tfc.datasets.mnist,
            lenet_300_100,
            8,
            (4, 1),
        ),
        "LeNet-300-100, 90 % pruned in 1x16": (
            tfc.datasets.mnist,
            lenet_300_100,
            8,
            (16, 1),
        ),
        "LeNet-5": (tfc.datasets.mnist, lenet_5, 3, None),
        "ResNet-8, of others": (_images_to_255, _resnet_8_of_others, 0, None),
        "LSTM": (tfc.datasets.speech_commands, lstm, 8, None),
        "Transformer": (tfc.datasets.speech_commands, transformer, 10, None),
    }
    if fast:
        cases = {name: cases[name] for name in ("LeNet-300-100", "LSTM")}
    tables = {
        name: {"": lambda case=case: _variants(*case, fast, seed)}
        for name, case in cases.items()
    }
    figures = measured("variants", tables, fast=fast, seed=seed)
    return {name: rows[""] for name, rows in figures.items()}


def _variants(load, network, epochs, block, fast, seed):
    keras.utils.set_random_seed(seed)
    data = load()
    count = 500 if fast else len(data.x_train) - HELD_OUT
    order = np.random.default_rng(0).permutation(len(data.x_train))
    train, held = order[:count], order[-(100 if fast else HELD_OUT) :]
    prune = []
    if block is not None:
        schedule = tfc.schedules.Polynomial(0.9, end="60%", frequency=100)
        pattern = tfc.patterns.Block(block)
        hidden = ["fc1", "fc2"] if block == (4, 1) else ["fc1"]
        prune = [
            tfc.callbacks.PruneLowMagnitude(schedule, which=hidden, pattern=pattern)
        ]
    x, y = data.x_train, data.y_train
    model = network()
    if epochs:
        fitted(model, (x[train], y[train]), 1 if fast else epochs, *prune)
    with tempfile.TemporaryDirectory() as folder:
        choice = tfc.export.to_tflite(
            model,
            pathlib.Path(folder) / "model.tflite",
            goal="smallest",
            representative_data=x[train[:200]],
            accuracy_data=(x[held], y[held]),
            max_accuracy_drop=0.01,
            batch_size=1,
            time_limit=600.0,
        )
        file = tfc.runtime.TFLiteModel(choice.path)
        test = file.evaluate(data.x_test[:5000], data.y_test[:5000])
    rows = {variant.name: _row(variant, choice) for variant in choice.variants}
    rows[choice.chosen.name]["test %"] = round(100 * test, 2)
    return rows


def _row(variant, choice):
    if variant.fault:
        return {"not used": _reason(variant.fault)}
    first = choice.variants[0]
    fastest = min(v.microseconds for v in choice.variants if v.microseconds)
    kept = ["smallest"] * (variant == choice.chosen)
    kept += ["fastest"] * (variant.microseconds == fastest)
    return {
        "bytes": variant.bytes,
        "times smaller": round(first.bytes / variant.bytes, 2),
        "microseconds": round(variant.microseconds, 1),
        "times faster": round(first.microseconds / variant.microseconds, 2),
        "held out %": round(100 * variant.accuracy, 2),
        "is the": ", ".join(kept),
    }


def _reason(fault):
    """Returns in two words what `fault` says in two lines."""
    reasons = {
        "crashes": "crashes",
        "for dense layers": "convolutions",
        "sparse=True": "known fault",
        "max_accuracy_drop": "less accurate",
        "is not what the model is": "wrong outputs",
    }
    return next((short for long, short in reasons.items() if long in fault), "fails")


def _images_to_255():
    data = tfc.datasets.cifar10_subset()
    return dataclasses.replace(
        data, x_train=255 * data.x_train, x_test=255 * data.x_test
    )


def _resnet_8_of_others():
    """MLPerf Tiny's, as its authors trained it."""
    return model_of("resnet8")


def lstm():
    layers = [keras.Input((49, 10)), keras.layers.LSTM(96), keras.layers.Dense(5)]
    return keras.Sequential(layers)


def transformer():
    """Two blocks of attention over the frames; a convolution tells neighbours apart."""
    inputs = keras.Input((49, 10))
    x = keras.layers.Conv1D(64, 3, padding="same")(inputs)
    for _ in range(2):
        normal = keras.layers.LayerNormalization()(x)
        x = x + keras.layers.MultiHeadAttention(4, 16)(normal, normal)
        hidden = keras.layers.Dense(128, "relu")(keras.layers.LayerNormalization()(x))
        x = x + keras.layers.Dense(64)(hidden)
    x = keras.layers.GlobalAveragePooling1D()(keras.layers.LayerNormalization()(x))
    return keras.Model(inputs, keras.layers.Dense(5)(x))


def resnet_8():
    """The network of MLPerf Tiny for images of 32x32."""
    inputs = keras.Input((32, 32, 3))
    x = _convolution(inputs, 16)
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        other = x
        if stride > 1:
            other = keras.layers.Conv2D(filters, 1, stride, padding="same")(x)
        x = _convolution(x, filters, stride)
        x = _convolution(x, filters, activation=None) + other
        x = keras.layers.ReLU()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(10)(x))


def _convolution(x, filters, stride=1, activation="relu"):
    x = keras.layers.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization()(x)
    return keras.layers.Activation(activation)(x)
