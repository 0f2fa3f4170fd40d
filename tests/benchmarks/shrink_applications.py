"""Half of every free group of channels taken out of the models of keras.applications."""

import time

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "keras.applications (weights=None): half of every free group of channels removed"
)

SMALLEST = {
    "InceptionV3": (75, 75, 3),
    "NASNetMobile": (224, 224, 3),
    "Xception": (71, 71, 3),
}
MODELS = [
    "MobileNetV2",
    "ResNet50",
    "MobileNetV3Small",
    "ResNet50V2",
    "DenseNet121",
    "EfficientNetB0",
    "Xception",
    "VGG16",
    "InceptionV3",
    "NASNetMobile",
]


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for name in MODELS[: 1 if fast else None]:
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        figures[name] = _halved(name, np.random.default_rng(seed))
    return figures


def _halved(name, rng):
    shape = SMALLEST.get(name, (64, 64, 3))
    options = {
        "weights": None,
        "input_shape": shape,
        "classes": 10,
        "classifier_activation": None,  # logits: a softmax would hide differences
    }
    model = getattr(keras.applications, name)(**options)
    _disturb(model, rng)
    images = rng.uniform(0, 255, (2, *shape)).astype("float32")
    before = model.predict(images, verbose=0)
    weights = model.get_weights()
    keep = _mask_half(model, rng)
    masked = model.predict(images, verbose=0)
    model.set_weights(weights)
    begin = time.perf_counter()
    small = tfc.shrink(model, keep=keep)
    seconds = time.perf_counter() - begin
    after = small.predict(images, verbose=0)
    return {
        "free groups": sum(g.is_free for g in tfc.surgery.coupled_groups(model)),
        "error": float(np.abs(after - masked).max()),
        "largest logit": float(np.abs(masked).max()),
        "change by the mask": float(np.abs(before - masked).max()),
        "weights": model.count_params(),
        "ratio": round(small.count_params() / model.count_params(), 3),
        "seconds": round(seconds, 1),
    }


def _disturb(model, rng):
    """Biases start as zeros and scales as ones, behind which mistakes could hide."""
    for variable in model.weights:
        if "variance" in variable.path and len(variable.shape) == 1:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
        elif len(variable.shape) == 1:
            noise = rng.normal(size=variable.shape, scale=0.1)
            variable.assign(keras.ops.convert_to_numpy(variable) + noise)


def _mask_half(model, rng):
    """Sets to zero what reads the other half of each free group; returns the half."""
    keep = {}
    for group in tfc.surgery.coupled_groups(model):
        if not group.is_free:
            continue
        stays = _half(group, rng)
        for name, units in group.units.items():
            keep[name] = np.flatnonzero(stays[units])
        for member in group.roles("reads"):
            values = np.moveaxis(member.values().copy(), member.axis, 0)
            values[(member.channels >= 0) & ~stays[member.channels]] = 0
            member.variable.assign(np.moveaxis(values, 0, member.axis))
    return keep


def _half(group, rng):
    """Half of the channels; where layers own different ones, half of each layer's."""
    stays = np.zeros(group.size, bool)
    for units in group.units.values():
        channels = rng.permutation(np.unique(units))
        missing = (len(channels) + 1) // 2 - np.count_nonzero(stays[channels])
        stays[channels[~stays[channels]][: max(0, missing)]] = True
    return stays
