"""Rules of the operations of `keras.ops`, known by the names of their classes."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules import item, merging, shape
from tfcompress.surgery.rules.activation import applied
from tfcompress.surgery.rules.rule import Rule

FUNCTIONS = [
    "Abs",
    "Absolute",
    "Celu",
    "Clip",
    "Cos",
    "Elu",
    "Erf",
    "Exp",
    "Expm1",
    "Gelu",
    "HardShrink",
    "HardSigmoid",
    "HardSilu",
    "HardTanh",
    "LeakyRelu",
    "Log",
    "Log1p",
    "LogSigmoid",
    "Negative",
    "Relu",
    "Relu6",
    "Selu",
    "Sigmoid",
    "Sign",
    "Silu",
    "Sin",
    "SoftShrink",
    "Softplus",
    "Softsign",
    "SparsePlus",
    "SparseSigmoid",
    "Sqrt",
    "Square",
    "Squareplus",
    "Tanh",
    "TanhShrink",
    "Threshold",
]


class Function(Rule):
    """A function of each number by itself."""

    def couple(self, call, inputs, trace):
        return inputs if len(inputs) == 1 else super().couple(call, inputs, trace)

    def constants(self, use, values, threshold):
        if values[0] is None or len(use.call.args) + len(use.call.kwargs) != 1:
            return [None]
        return [applied(self.layer, values[0])]


class Reduction(Rule):
    """A mean or an extreme over other axes than that of the channels."""

    def couple(self, call, inputs, trace):
        [channels, *others] = inputs
        rank = len(call.inputs[0].shape)
        if channels is None:
            return []
        axis = self.layer.axis
        axes = {
            int(a) % rank for a in (range(rank) if axis is None else np.ravel(axis))
        }
        if channels.axis in axes or others:
            return super().couple(call, inputs, trace)
        before = sum(axis < channels.axis for axis in axes)
        left = channels.axis - (0 if self.layer.keepdims else before)
        return [Channels(left, channels.ids)]

    def constants(self, use, values, threshold):
        return values


class Sum(Reduction):
    """A sum over other axes, of which only that of zeros is known."""

    def constants(self, use, values, threshold):
        return [None if v is None else np.where(v == 0, 0, np.nan) for v in values]


class Transpose(Rule):
    """Axes in another order."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        rank = len(call.inputs[0].shape)
        order = list(self.layer.axes or reversed(range(rank)))
        return [Channels(order.index(channels.axis), channels.ids)]

    def constants(self, use, values, threshold):
        return values


RULES = {
    **dict.fromkeys(FUNCTIONS, Function),
    **dict.fromkeys(["Mean", "Max", "Min", "Amax", "Amin"], Reduction),
    **merging.OPERATIONS,
    "GetItem": item.Item,
    "Reshape": shape.Reshape,
    "Sum": Sum,
    "Transpose": Transpose,
}


def is_operation(layer) -> bool:
    """Returns whether `layer` is one of `keras.ops`, not a layer."""
    ours = type(layer).__module__.startswith("keras.")
    return ours and not isinstance(layer, keras.layers.Layer)
