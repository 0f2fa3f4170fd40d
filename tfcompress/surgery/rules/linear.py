"""What layers have in common that mix channels by one matrix for each position."""

import numpy as np

from tfcompress.surgery.rules.activation import applied, is_pointwise
from tfcompress.surgery.rules.rule import Reading, Rule


class Linear(Rule):
    """A layer that computes `activation(x W + b)`, here or at each position.

    `matrices` gives $W$ for each position that is summed over.
    """

    # Whether a channel that is constant adds the same number everywhere. It does not
    # where a convolution reaches over the border, into padding.
    uniform = True

    @property
    def activation(self):
        return getattr(self.layer, "activation", None)

    def matrices(self) -> np.ndarray:
        """Returns the weights as an array of (positions, inputs, outputs)."""
        raise NotImplementedError

    def biases(self) -> np.ndarray:
        """Returns the bias of each output, NaN where it has several."""
        return self.part.array("bias") if self.part.has("bias") else np.zeros(1)

    def units(self, count, trace):
        """Returns the channels that the layer makes."""
        units = trace.make(self.part, "units", count)
        self.refuse_activation(units, trace)
        return units

    def refuse_activation(self, units, trace):
        """Says that `units` cannot leave if the activation mixes them."""
        if not is_pointwise(self.activation):
            trace.fix(units, f"the activation of {self.part} works on all at once")

    # Neither keeps an array as large as the weights: a model has many of them.
    def reach(self, threshold):
        """Returns which inputs the outputs depend on, at some position."""
        return (np.abs(self.matrices()) > threshold).any(0)

    def product(self, values):
        """Returns what inputs that are constant add to the outputs."""
        return sum(values @ matrix for matrix in self.matrices())

    def readings(self, use, values, threshold):
        reach = self.reach(threshold)
        yield Reading(use.inputs[0], use.outputs[0], reach, self.foldable(values[0]))

    def constants(self, use, values, threshold):
        reach = self.reach(threshold)
        given = np.full(len(reach), np.nan) if values[0] is None else values[0]
        known = self.foldable(given)
        alive = (reach & ~known[:, None]).any(0)
        sums = self.product(np.where(known, given, 0)) + self.biases()
        return self.activated(np.where(alive, np.nan, sums))

    def activated(self, sums):
        """Returns the constants of the output, from those before the activation."""
        known = is_pointwise(self.activation)
        return [applied(self.activation, sums) if known else None]

    def folded(self, use, values, gone):
        """Returns what the channels that have `gone` added before the activation."""
        [channels, *_], [given, *_] = use.inputs, values
        if given is None:
            return {}
        given = np.where(gone(channels) & self.foldable(given), given, 0)
        added = np.where(gone(use.outputs[0]), 0, self.product(given))
        return {self.part.name("bias"): added}

    def foldable(self, values):
        """Returns which constants add the same number everywhere."""
        if values is None:
            return None
        return ~np.isnan(values) & (self.uniform | (values == 0))
