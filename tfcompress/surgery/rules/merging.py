"""Rules of layers and operations that join several tensors."""

import functools

import keras
import numpy as np

from tfcompress.surgery.channels import FIXED, Channels
from tfcompress.surgery.graph import Tensor
from tfcompress.surgery.rules.rule import Rule


class Merge(Rule):
    """Numbers at the same place are joined: their channels are the same channels.

    A tensor of size 1 there, such as a gate for whole images, is not concerned.
    """

    # The function of the constants, (inputs, channels) -> channels.
    function = None

    def couple(self, call, inputs, trace):
        if len(call.inputs) != len(_operands(call)):
            return self._with_numbers(call, inputs, trace)
        rank = max(len(tensor.shape) for tensor in call.inputs)
        axes = {
            channels.axis + rank - len(tensor.shape)
            for tensor, channels in zip(call.inputs, inputs, strict=True)
            if channels is not None
        }
        ranks = {len(tensor.shape) for tensor in call.inputs}
        layer = isinstance(self.layer, keras.layers.Layer)
        if len(axes) > 1 or (layer and len(ranks) > 1):
            return self.refuse(inputs, trace, f"{self.part} joins different axes")
        if not axes:
            return []
        [axis] = axes
        wide = [
            channels
            for tensor, channels in zip(call.inputs, inputs, strict=True)
            if _size(tensor, axis - rank) != 1
        ]
        joined = next(channels.ids for channels in wide if channels is not None)
        for channels in wide:
            trace.unite(joined, None if channels is None else channels.ids)
        return [Channels(axis, joined)]

    def _with_numbers(self, call, inputs, trace):
        """One tensor and a number, as in `2 * x`."""
        plain = all(isinstance(number, (int, float)) for number in _numbers(call))
        if not plain or len(_operands(call)) != 2:
            return self.refuse(inputs, trace, f"{self.part} holds numbers for each")
        return inputs

    def constants(self, use, values, threshold):
        [made, *_] = use.outputs or [None]
        if made is None:
            return [None]
        given = [np.nan if v is None else v for v in values]
        numbers = iter(given)
        operands = [
            next(numbers) if isinstance(o, Tensor) else float(o)
            for o in _operands(use.call)
        ]
        operands = np.array(np.broadcast_arrays(*operands, made.ids)[:-1], "float32")
        return [self.function(operands)]


class Product(Merge):
    """A product, which is zero where one factor always is."""

    def function(self, operands):
        return np.where((operands == 0).any(0), 0, operands.prod(0))


def merge(function):
    """Returns the rule of a merge whose constants `function` joins."""
    name = getattr(function, "__name__", "Merge")
    return type(name, (Merge,), {"function": staticmethod(function)})


class Concatenate(Rule):
    """Tensors after one another; along another axis their channels are the same."""

    def couple(self, call, inputs, trace):
        axis = self.layer.axis % len(call.inputs[0].shape)
        if all(channels is None for channels in inputs):
            return []
        elsewhere = [c for c in inputs if c is not None and c.axis != axis]
        if not elsewhere:
            parts = [
                np.full(tensor.shape[axis], FIXED) if channels is None else channels.ids
                for tensor, channels in zip(call.inputs, inputs, strict=True)
            ]
            return [Channels(axis, np.concatenate(parts))]
        first = elsewhere[0]
        if any(c is not None and c.axis != first.axis for c in inputs):
            return self.refuse(inputs, trace, f"{self.part} joins different axes")
        for channels in inputs:
            trace.unite(first.ids, None if channels is None else channels.ids)
        return [first]

    def constants(self, use, values, threshold):
        [made, *_] = use.outputs or [None]
        if made is None:
            return [None]
        axis = self.layer.axis % len(use.call.inputs[0].shape)
        given = [
            np.full(tensor.shape[made.axis], np.nan) if value is None else value
            for tensor, value in zip(use.call.inputs, values, strict=True)
        ]
        if made.axis == axis:
            return [np.concatenate(given)]
        same = functools.reduce(lambda a, b: np.where(a == b, a, np.nan), given)
        return [same]


def _operands(call):
    values = keras.tree.flatten((call.args, call.kwargs))
    return [v for v in values if v is not None]


def _numbers(call):
    return [v for v in _operands(call) if not isinstance(v, Tensor)]


def _size(tensor, axis_from_right):
    return tensor.shape[axis_from_right] if -axis_from_right <= len(tensor.shape) else 1


Add = merge(lambda operands: operands.sum(0))
Subtract = merge(lambda operands: operands[0] - operands[1:].sum(0))
Average = merge(lambda operands: operands.mean(0))
Maximum = merge(lambda operands: operands.max(0))
Minimum = merge(lambda operands: operands.min(0))

RULES = {
    keras.layers.Add: Add,
    keras.layers.Average: Average,
    keras.layers.Concatenate: Concatenate,
    keras.layers.Maximum: Maximum,
    keras.layers.Minimum: Minimum,
    keras.layers.Multiply: Product,
    keras.layers.Subtract: Subtract,
}
OPERATIONS = {
    "Add": Add,
    "Concatenate": Concatenate,
    "Maximum": Maximum,
    "Minimum": Minimum,
    "Multiply": Product,
    "Subtract": Subtract,
}
