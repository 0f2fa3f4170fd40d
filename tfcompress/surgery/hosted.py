"""What becomes of the kernels of a host when channels leave."""

import operator

import keras
import numpy as np

from tfcompress.conversion.swap import hosts
from tfcompress.kernels.full import Full
from tfcompress.layers.host import Host

EXACT = 1e-6


def kernel_of(layer, path: str):
    """Returns the kernel that computes the weight at `path`, or None."""
    *owner, name = path.split(".")
    holder = operator.attrgetter(".".join(owner))(layer) if owner else layer
    return holder.kernels.get(name) if isinstance(holder, Host) else None


def without_channels(part, cut) -> tuple[type, dict]:
    """Returns the class and the configuration of a host with smaller kernels.

    A kernel that can hold the smaller weight exactly stays of its kind: one of low
    rank, mostly, or of signs. Others, such as hashed ones, cannot; they become plain
    weights, and the host with nothing else becomes the Keras layer that it is made of.
    """
    layer = part.inner
    base = hosts()[layer.twin]
    config = base.get_config(layer)
    names = {id(kernel): name for name, kernel in layer.kernels.items()}
    kernels = {}
    for weight in cut.weights(part.layer):
        kernel = kernel_of(part.layer, weight)
        if id(kernel) in names:
            array = cut.array(part.layer, weight)
            kernels[names[id(kernel)]] = _smaller(kernel, array)
    if all(type(kernel) is Full for kernel in kernels.values()):
        names = layer.kernels
        return layer.twin, {k: v for k, v in config.items() if k not in names}
    for name, kernel in kernels.items():
        config[name] = keras.saving.serialize_keras_object(kernel)
    return base, config


def put(layer, path: str, array: np.ndarray) -> list[keras.Variable]:
    """Sets the weight at `path` through its variable or kernel; returns what was set."""
    kernel = kernel_of(layer, path)
    if kernel is None:
        variable = operator.attrgetter(path)(layer)
        variable.assign(array)
        return [variable]
    kernel.encode(array)
    return kernel.variables


def _smaller(kernel, array):
    """Returns an unbuilt kernel of the same kind, if it can hold `array`, or `Full`."""
    if kernel.shape == array.shape:
        return kernel.copy()
    try:
        trial = kernel.copy()
        trial.build(array.shape)
        exact = trial.encode(array) <= EXACT
    except ValueError:
        exact = False
    return kernel.copy() if exact else Full()
