"""What the outputs of a classifier are, logits or probabilities, and logits of both."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.graph_config import graph_config

# Below this a probability is taken as this one. Its logarithm is finite, its inverse
# fits into float32 even when the loss is scaled, and at temperature 20 it is still a
# tenth, so Keras's usual 1e-7 would flatten the targets.
SMALLEST = 1e-20


def as_logits(outputs, from_logits: bool):
    """Returns `outputs` as logits, in float32 at least: half has no room for SMALLEST.

    The logarithms of probabilities are logits, up to a constant that changes nothing.
    What is negative is no probability, and becomes NaN: a compiled step cannot raise,
    and a network that learns from logits taken for probabilities only learns chance.
    """
    outputs = ops.convert_to_tensor(outputs)
    outputs = ops.cast(outputs, keras.backend.result_type(outputs.dtype, "float32"))
    if from_logits:
        return outputs
    logits = ops.log(ops.maximum(outputs, SMALLEST))
    return ops.where(outputs < 0, float("nan"), logits)


def as_two_logits(outputs):
    """Returns sigmoids as logits of two classes, no and yes, on a new last axis.

    A softmax over them gives the sigmoid back.
    """
    outputs = ops.cast(outputs, keras.backend.result_type(outputs.dtype, "float32"))
    no, yes = (ops.maximum(part, SMALLEST) for part in (1 - outputs, outputs))
    return ops.stack([ops.log(no), ops.log(yes)], axis=-1)


def gives_sigmoids(model) -> bool:
    """Whether the last layer of `model` gives sigmoids."""
    activation = getattr(_last_layer(model), "activation", None)
    return activation is keras.activations.sigmoid


def gives_logits(name: str, given: bool | None, model) -> bool:
    """Returns `given`, or else whether the last layer of `model` gives logits.

    Args:
        name: The name of the argument that `given` was, for messages.
        given: What the user said, or None.
        model: A `keras.Model`.

    Raises:
        ValueError: If nothing was said, and the last layer is neither linear nor a
            softmax or cannot be told.
    """
    if given is not None:
        return _checks.boolean(name, given)
    layer = _last_layer(model)
    activation = getattr(layer, "activation", None)
    if isinstance(layer, keras.layers.Softmax):
        return False
    if activation is keras.activations.softmax:
        return False
    if activation in (keras.activations.linear, keras.activations.log_softmax):
        return True
    raise _checks.error(
        name,
        f"be given: the last layer of {model.name!r} is neither linear nor a softmax",
        given,
        remedy="True for logits, False for softmax probabilities; for others give "
        "`loss`, such as `keras.losses.MeanSquaredError()`.",
    )


def _last_layer(model):
    """Returns the layer that makes the output of `model`, None if it cannot be told."""
    if isinstance(model, keras.Sequential):
        layer = model.layers[-1]
    elif getattr(model, "outputs", None):
        name, *_ = keras.tree.flatten(graph_config(model)["output_layers"])
        layer = next((layer for layer in model.layers if layer.name == name), None)
    else:
        layer = None
    return _last_layer(layer) if isinstance(layer, keras.Model) else layer
