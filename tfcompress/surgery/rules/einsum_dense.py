"""The rule of `EinsumDense`."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.linear import Linear


class EinsumDense(Linear):
    """A product over any axes; the last new axis of the output holds the channels.

    Other new axes, such as one of heads, stay as they are.
    """

    def __init__(self, part):
        super().__init__(part)
        inputs, rest = self.layer.equation.replace(" ", "").split(",")
        self.inputs, (self.kernel, self.outputs) = inputs, rest.split("->")
        new = [a for a in self.kernel if a in self.outputs and a not in self.inputs]
        self.made = max(new, key=self.outputs.index, default=None)
        contracted = [a for a in self.kernel if a not in self.outputs]
        self.read = contracted[-1] if contracted else None
        self.bias_axes = self.layer.bias_axes or self.made or ""
        self.plain = set(self.kernel) <= {*contracted, self.made}

    @property
    def uniform(self):
        return self.plain

    def couple(self, call, inputs, trace):
        rank, [channels, *_] = len(call.inputs[0].shape), inputs
        if channels is not None:
            letter = _spread(self.inputs, rank)[channels.axis]
            if letter in self.outputs or letter not in self.kernel:
                # It goes through, along an axis that the outputs have too.
                return self._through(letter, channels, rank, trace)
            self.read = letter
            trace.place(
                self.part, "kernel", self.kernel.index(letter), channels.ids, "reads"
            )
        if self.made is None:
            return []
        axis = self.kernel.index(self.made)
        units = self.units(self.part.array("kernel").shape[axis], trace)
        trace.place(self.part, "kernel", axis, units, "makes")
        self._carry("bias", self.made, units, trace)
        return [Channels(self._output_axis(self.made, rank), units)]

    def _through(self, letter, channels, rank, trace):
        if letter not in self.outputs or letter == ".":
            return self.refuse([channels], trace, f"{self.part} needs them all")
        if letter in self.kernel:
            axis = self.kernel.index(letter)
            trace.place(self.part, "kernel", axis, channels.ids, "carries")
        self._carry("bias", letter, channels.ids, trace)
        made = Channels(self._output_axis(letter, rank), channels.ids)
        trace.shape(self.part, made)
        self.passed = letter
        return [made]

    def _carry(self, weight, letter, ids, trace):
        if letter in self.bias_axes:
            trace.place(self.part, weight, self._bias_axis(letter), ids, "carries")

    def _bias_axis(self, letter):
        """The bias begins with the first of its axes in the order of the outputs."""
        order = self.outputs.replace(".", "")
        return order.index(letter) - min(map(order.index, self.bias_axes))

    def _output_axis(self, letter, rank):
        ellipsis = "..." in self.inputs
        hidden = rank - len(self.inputs.replace(".", "")) if ellipsis else 0
        labels = self.outputs.replace("...", "." * hidden)
        return labels.index(letter)

    def matrices(self):
        kernel = self.part.array("kernel")
        axes = [self.kernel.index(self.read), self.kernel.index(self.made)]
        moved = np.moveaxis(kernel, axes, [-2, -1])
        return moved.reshape(-1, *moved.shape[-2:])

    def biases(self):
        if not self.part.has("bias"):
            return np.zeros(1)
        bias = self.part.array("bias")
        if self.made not in self.bias_axes:
            return np.full(1, np.nan)
        rows = np.moveaxis(bias, self._bias_axis(self.made), -1)
        rows = rows.reshape(-1, rows.shape[-1])
        return np.where((rows == rows[0]).all(0), rows[0], np.nan)

    def constants(self, use, values, threshold):
        if self.made is None or self.read is None or _goes_through(use):
            return []
        return super().constants(use, values, threshold)

    def readings(self, use, values, threshold):
        if self.made is None or self.read is None or _goes_through(use):
            return
        yield from super().readings(use, values, threshold)

    def with_bias(self):
        return {"bias_axes": self.made}, ["bias"]

    def folded(self, use, values, gone):
        if self.made is None or self.read is None or _goes_through(use):
            return {}
        return {
            name: added.reshape(self._bias_shape())
            for name, added in super().folded(use, values, gone).items()
        }

    def _bias_shape(self):
        """The shape of a bias that is one for each channel."""
        if self.part.has("bias"):
            rank = self.part.array("bias").ndim
        else:
            rank = len(self.outputs.replace(".", "").partition(self.made)[2]) + 1
        shape = [1] * rank
        shape[self._bias_axis(self.made)] = -1
        return shape

    def resized(self, config, sizes):
        known = dict(zip(self.kernel, sizes("kernel"), strict=True))
        if sizes.outputs is not None:
            known[self.passed] = sizes.outputs[1]
        left = self.outputs.startswith("...")
        order = self.outputs.replace(".", "")[0 if left else 1 :]
        before = config["output_shape"]
        before = [before] if isinstance(before, int) else before
        return {
            "output_shape": [
                known.get(letter, size)
                for letter, size in zip(order, before, strict=True)
            ]
        }


def _goes_through(use):
    [channels, *_], [made, *_] = use.inputs, use.outputs or [None]
    return channels is not None and made is not None and channels.ids is made.ids


def _spread(labels, rank):
    """One label for each axis, dots for those that an ellipsis stands for."""
    return labels.replace("...", "." * (rank - len(labels.replace(".", ""))))


RULES = {keras.layers.EinsumDense: EinsumDense}
