"""Rules of layers that only move numbers to other places."""

import math

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.rule import Rule


class Rearranged(Rule):
    """A layer that moves numbers: it is asked where each goes, nothing else."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        [tensor] = call.inputs
        places = self.places(tensor.shape, call.outputs[0].shape, channels.axis)
        if places is None:
            reason = f"{self.part} needs a shape without unknown sizes"
            return self.refuse(inputs, trace, reason)
        axis, slots, together = _one_axis(places)
        for first, second in together:
            trace.unite(channels.ids[[first]], channels.ids[[second]])
        made = Channels(axis + 1, channels.ids[slots])
        trace.shape(self.part, made)
        return [made]

    def constants(self, use, values, threshold):
        [channels], [made, *_] = use.inputs, use.outputs or [None]
        if made is None or values[0] is None:
            return [None]
        [tensor] = use.call.inputs
        places = self.places(tensor.shape, use.call.outputs[0].shape, channels.axis)
        _, slots, together = _one_axis(places)
        return [np.full(len(slots), np.nan) if together else values[0][slots]]

    def places(self, before, after, axis):
        """Returns, for each place of an output without the batch, its input channel."""
        raise NotImplementedError

    def numbers(self, shape, axis):
        """Returns an array of `shape` of the numbers of the channels."""
        sizes = [1] * len(shape)
        sizes[axis] = shape[axis]
        return np.broadcast_to(np.arange(shape[axis]).reshape(sizes), shape)


class Reshape(Rearranged):
    """The same numbers in another shape."""

    def places(self, before, after, axis):
        before, after, axis = _without_shared_unknown(before, after, axis)
        if None in before or None in after:
            return None
        return self.numbers(before, axis).reshape(after)

    def resized(self, config, sizes):
        if sizes.outputs is None:
            return {}
        axis, count = sizes.outputs
        name = "target_shape" if "target_shape" in config else "newshape"
        shape = list(config[name])
        start = 1 if name == "target_shape" else 0
        if shape[axis - start] != -1:
            shape[axis - start] = count
        return {name: shape}


class Flatten(Rearranged):
    """All numbers in one row."""

    def places(self, before, after, axis):
        if None in before[1:]:
            return None
        numbers = self.numbers(before[1:], axis - 1)
        if self.layer.data_format == "channels_first" and len(before) > 2:
            numbers = np.moveaxis(numbers, 0, -1)
        return numbers.reshape(-1)


class Permute(Rule):
    """Axes in another order."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        return [Channels(self.layer.dims.index(channels.axis) + 1, channels.ids)]

    def constants(self, use, values, threshold):
        return values


class RepeatVector(Rule):
    """The same vector at each of several steps."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        return [channels and Channels(2, channels.ids)]

    def constants(self, use, values, threshold):
        return values


def _without_shared_unknown(before, after, axis):
    """Cuts off the batch, and unknown leading sizes that both shapes have.

    `(None, None, 8)` to `(None, None, 2, 4)` moves numbers only inside the last axis.
    """
    before, after, axis = list(before[1:]), list(after[1:]), axis - 1
    if None in before:
        # All that is left of the channels collapses into one size, whatever it is.
        last = len(before) - 1 - before[::-1].index(None)
        if axis > last and after and after[-1] is not None:
            inner = math.prod(before[last + 1 :])
            tail = 1
            for place in range(len(after) - 1, -1, -1):
                if tail == inner:
                    ones = [1] * (place + 1)
                    kept = [1] * (last + 1)
                    return (
                        [*kept, *before[last + 1 :]],
                        [*ones, *after[place + 1 :]],
                        axis,
                    )
                if after[place] is None:
                    break
                tail *= after[place]
    return before, after, axis


def _one_axis(places):
    """The axis along which channels lie, the channel at each place, and ties.

    Where several axes tell channels apart, the last one does, and the channels that
    share a place there are tied.
    """
    varying = [a for a in range(places.ndim) if (np.diff(places, axis=a) != 0).any()]
    axis = varying[-1] if varying else places.ndim - 1
    rows = np.moveaxis(places, axis, -1).reshape(-1, places.shape[axis])
    together = {
        (int(first), int(other))
        for row in rows[1:]
        for first, other in zip(rows[0], row, strict=True)
        if first != other
    }
    return axis, rows[0], sorted(together)


RULES = {
    keras.layers.Flatten: Flatten,
    keras.layers.Permute: Permute,
    keras.layers.RepeatVector: RepeatVector,
    keras.layers.Reshape: Reshape,
}
