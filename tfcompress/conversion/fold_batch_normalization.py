"""Batch normalization multiplied into the layer before it."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.conversion.clone import refuse_subclassed

FOLDABLE = (
    keras.layers.Dense,
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
)


def fold_batch_normalization(model):
    r"""Returns a functional model of the same outputs, with normalization folded.

    A `BatchNormalization` right after a `Dense`, `Conv1D`, `Conv2D` or
    `DepthwiseConv2D` layer without activation, whose only consumer it is, is gone; the
    layer has its factor and shift for each output channel instead:

    $$ W' = W \frac{\gamma}{\sqrt{v + \epsilon}}, \qquad
       b' = (b - m) \frac{\gamma}{\sqrt{v + \epsilon}} + \beta $$

    Do it before training with few bits and one scale per weight
    (`Quantized(per_channel=False)`), so that the grid suits the weights of the file. Others
    stay as they are; shared layers and those in nested models too.

    Args:
        model: A built Sequential or Functional model.

    Raises:
        ValueError: If `model` is subclassed or not built, or nothing can be folded.

    Example:

    >>> layers = [keras.layers.Dense(3), keras.layers.BatchNormalization()]
    >>> model = keras.Sequential([keras.Input((2,)), *layers])
    >>> [layer.name for layer in fold_batch_normalization(model).layers[1:]] == [
    ...     layers[0].name
    ... ]
    True
    """
    refuse_subclassed(model)
    pairs = _pairs(model)
    if not pairs:
        rule = "have a BatchNormalization right after a dense layer or a convolution"
        raise _checks.error("model", rule, model.name)
    before = {norm: layer for layer, norm in pairs}
    copies = {}

    def copy(layer):
        if layer in dict(pairs):
            config = {**layer.get_config(), "use_bias": True}
            new = type(layer).from_config(config)
        elif layer in before:
            return layer  # never called
        elif isinstance(layer, keras.Model):
            new = keras.models.clone_model(layer)
        else:
            new = type(layer).from_config(layer.get_config())
        copies[layer] = new
        return new

    def call(layer, *args, **kwargs):
        return args[0] if layer in before else layer(*args, **kwargs)

    graph = _functional(model)
    folded = keras.models.clone_model(graph, clone_function=copy, call_function=call)
    for old, new in copies.items():
        if old not in dict(pairs) and isinstance(old, keras.Layer):
            new.set_weights(old.get_weights())
    for layer, norm in pairs:
        copies[layer].set_weights(_folded(layer, norm))
    return folded


def _pairs(model):
    """Returns the layers that can take the normalization after them, with it."""
    source, readers = {}, {}

    def read(layer, *args, **kwargs):
        """Notes who reads what while the graph is gone through once more."""
        tensors = [t for t in keras.tree.flatten((args, kwargs)) if _is_tensor(t)]
        outputs = layer(*args, **kwargs)
        for tensor in tensors:
            readers.setdefault(id(tensor), []).append((layer, tensor))
        for tensor in keras.tree.flatten(outputs):
            source[id(tensor)] = (layer, tensor)
        return outputs

    graph = _functional(model)
    new = keras.models.clone_model(graph, clone_function=_same, call_function=read)
    ends = {id(tensor) for tensor in new.outputs}
    calls = [layer for layer, _ in source.values()]
    return [
        (layer, readers[key][0][0])
        for key, (layer, _) in source.items()
        if type(layer) in FOLDABLE
        and layer.activation is keras.activations.linear
        and key not in ends
        and len(readers.get(key, ())) == 1
        and _normalizes_channels(readers[key][0][0])
        and calls.count(layer) == calls.count(readers[key][0][0]) == 1
        and getattr(layer, "data_format", "channels_last") == "channels_last"
    ]


def _functional(model):
    if isinstance(model, keras.Sequential):  # which need not know its own input
        return keras.Model(model.inputs[0], model.outputs[0], name=model.name)
    return keras.Model(model.input, model.output, name=model.name)


def _same(layer):
    return layer


def _is_tensor(value):
    return isinstance(value, keras.KerasTensor)


def _normalizes_channels(layer):
    if not isinstance(layer, keras.layers.BatchNormalization):
        return False
    # Keras counts the axis from the end or from the beginning.
    return layer.axis in (-1, len(layer.get_build_config()["input_shape"]) - 1)


def _folded(layer, norm):
    mean, variance = map(ops.convert_to_numpy, (norm.moving_mean, norm.moving_variance))
    factor = 1 / np.sqrt(variance + norm.epsilon)
    factor = factor * (ops.convert_to_numpy(norm.gamma) if norm.scale else 1)
    shift = ops.convert_to_numpy(norm.beta) if norm.center else 0
    bias = ops.convert_to_numpy(layer.bias) if layer.use_bias else 0
    kernel = ops.convert_to_numpy(layer.kernel)
    # Of a depthwise convolution the last two axes are the channels.
    scaled = kernel * factor.reshape(
        kernel.shape[-2:] if isinstance(layer, keras.layers.DepthwiseConv2D) else -1
    )
    return [scaled, (bias - mean) * factor + shift]
