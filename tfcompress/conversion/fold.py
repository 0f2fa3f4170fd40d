"""A model of plain Keras layers, with the weights that kernels compute."""

import warnings

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.conversion.clone import clone
from tfcompress.conversion.swap import hosts
from tfcompress.conversion.walk import inside
from tfcompress.kernels.kernel import Kernel
from tfcompress.kernels.learned_sparsity import LearnedSparsity
from tfcompress.layers.compressed_rnn import CompressedRNN
from tfcompress.layers.host import Host
from tfcompress.sublayers import every_layer, sublayers


def fold(model):
    """Returns `model` with plain Keras layers in place of compressed ones.

    Each weight that a kernel computes becomes a variable with the values that it has at
    inference: same graph, same names, same outputs. What training needed beside it is
    gone: gates, noise, latent numbers. Weights that learned to be zero are exact zeros,
    which can be taken out, left out of a file, and trained further under a mask.

    Not gained: bytes. A weight that a kernel stores in fewer numbers, such as a hashed
    or low-rank one, is as large as Keras's own afterwards.

    Args:
        model: A built Sequential or Functional `keras.Model`; it is left as it was. If
            it is compiled, so is the new one, with a new optimizer.

    Raises:
        TypeError: If `model` is not a Keras model.
        ValueError: If it is not built, a subclassed model, has layers of your own with
            compressed layers inside, or kernels that round their inputs.

    Warns:
        UserWarning: If a layer has learned that all of its weights are zero.

    Example:

    >>> kernel = tfc.kernels.LowRank(rank=2)
    >>> dense = tfc.layers.CompressedDense(8, kernel=kernel, name="d")
    >>> model = keras.Sequential([keras.Input((8,)), dense])
    >>> folded = tfc.fold(model)
    >>> type(folded.get_layer("d")) is keras.layers.Dense
    True
    """
    return clone(model, _folded)


def _folded(layer):
    if not isinstance(layer, keras.Layer):
        return None  # an operation, such as `x + y`
    pairs = {id(host): host for host in _hosts(layer)}
    if not pairs:
        _refuse_hidden(layer)
        return None
    for host in pairs.values():
        _refuse_more_than_weights(host)
        _warn_of_zeros(layer, host)
    new = _plain(layer)
    new.build_from_config(layer.get_build_config())
    kernels = _kernels(layer)
    stored = {id(v) for kernel in kernels for v in kernel.variables}
    computed = []
    for host, twin in _twins(layer, new):
        for name, kernel in host.kernels.items():
            variable = host.weight_of(twin, name)
            variable.assign(ops.cast(kernel.full(), variable.dtype))
            computed.append(id(variable))
    rest = [v for v in layer.weights if id(v) not in stored]
    others = [v for v in new.weights if id(v) not in computed]
    for variable, value in zip(others, rest, strict=True):
        variable.assign(value)
    return new


def _plain(layer):
    """Returns `layer` unbuilt, as Keras has it."""
    if isinstance(layer, Host):
        config = hosts()[layer.twin].get_config(layer)
        own = (*layer.hosted, *layer.optional)
        return layer.twin.from_config({k: v for k, v in config.items() if k not in own})
    parts = {key: getattr(layer, name) for key, name in inside(layer).items()}
    config = layer.get_config()
    for key, part in parts.items():
        config[key] = keras.saving.serialize_keras_object(_plain(part))
    if isinstance(layer, keras.layers.StackedRNNCells):
        cells = [_plain(cell) for cell in layer.cells]
        config["cells"] = [keras.saving.serialize_keras_object(c) for c in cells]
    cls = keras.layers.RNN if isinstance(layer, CompressedRNN) else type(layer)
    return cls.from_config(config)


def _twins(layer, new):
    """Yields each host in `layer`, with what has taken its place in `new`."""
    if isinstance(layer, Host):
        yield layer, new
        return
    for part, other in zip(_parts(layer), _parts(new), strict=True):
        yield from _twins(part, other)


def _hosts(layer):
    return [host for host, _ in _twins(layer, layer)]


def _parts(layer):
    names = inside(layer).values()
    if isinstance(layer, keras.layers.StackedRNNCells):
        return layer.cells
    return [getattr(layer, name) for name in names]


def _kernels(layer):
    if isinstance(layer, Kernel):
        return [layer]
    return [kernel for part in sublayers(layer) for kernel in _kernels(part)]


def _refuse_hidden(layer):
    for part in every_layer(layer):
        if isinstance(part, Host):
            rule = "hold its compressed layers in layers of Keras"
            remedy = f"The layer {part.name!r} is inside of {layer.name!r}, whose code "
            remedy += "makes it."
            raise _checks.error("model", rule, type(layer).__name__, remedy=remedy)


def _refuse_more_than_weights(host):
    for name, kernel in host.kernels.items():
        if kernel.prepares or kernel.only_applies:
            rule = "have kernels that are weights and no more"
            remedy = f"Weight {name!r} of layer {host.name!r} also changes the inputs, "
            remedy += "which no plain layer does."
            raise _checks.error("model", rule, type(kernel).__name__, remedy=remedy)


def _warn_of_zeros(layer, host):
    for name, kernel in host.kernels.items():
        if isinstance(kernel, LearnedSparsity) and kernel.sparsity() == 1.0:
            warnings.warn(kernel.all_zero(layer.name, name), stacklevel=6)
