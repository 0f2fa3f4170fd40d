"""Conversion of the models of keras.applications, with exact kernels and hashed ones."""

import time

import keras
import numpy as np

import tfcompress as tfc
from tfcompress.layers.host import Host

DESCRIPTION = (
    "keras.applications (weights=None): every layer that has a host, converted"
)

MODELS = {
    "MobileNetV2": (96, 96, 3),
    "ResNet50": (64, 64, 3),
    "EfficientNetB0": (64, 64, 3),
    "DenseNet121": (64, 64, 3),
    "ConvNeXtTiny": (64, 64, 3),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for name in list(MODELS)[: 1 if fast else None]:
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        figures[name] = _converted(name, seed)
    return figures


def _converted(name, seed):
    shape = MODELS[name]
    options = {
        "weights": None,
        "input_shape": shape,
        "classes": 10,
        "classifier_activation": None,
    }
    model = getattr(keras.applications, name)(**options)
    images = np.random.default_rng(seed).uniform(0, 255, (2, *shape)).astype("float32")
    before = model.predict(images, verbose=0)
    begin = time.perf_counter()
    exact = tfc.convert(model, {"*": tfc.kernels.Full()})
    seconds = time.perf_counter() - begin
    hashed = tfc.convert(model, {"*": tfc.kernels.Hashed(ratio=1 / 8, seed=seed)})
    difference = np.abs(exact.predict(images, verbose=0) - before).max()
    change = np.abs(hashed.predict(images, verbose=0) - before).max()
    return {
        "hosts": sum(isinstance(layer, Host) for layer in exact.layers),
        "seconds": round(seconds, 1),
        "error": float(difference),
        "hashed error": float(change),
        "weights": model.count_params(),
        "hashed": hashed.count_params(),
    }
