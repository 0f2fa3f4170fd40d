"""Rules of recurrent layers."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.activation import applied, is_pointwise
from tfcompress.surgery.rules.rule import Reading, Rule


class SimpleRNN(Rule):
    """A matrix for each gate, from the inputs and from the state.

    A unit that is given nothing starts at zero and stays there. One that is given the
    same number at each step does not: it takes time to get where it goes.
    """

    gates = 1
    candidate = 0  # the gate through which a state is given something

    def couple(self, call, inputs, trace):
        [channels, *given] = inputs
        units = trace.make(self.part, "units", self.layer.units)
        read = trace.read(channels, 2, self.part)
        wide = np.tile(units, self.gates)
        for name, axis, ids, role in (
            ("kernel", 0, read, "reads"),
            ("kernel", 1, wide, "makes"),
            ("recurrent_kernel", 0, units, "reads"),
            ("recurrent_kernel", 1, wide, "makes"),
            ("bias", self.bias_rank - 1, wide, "carries"),
        ):
            trace.place(self.part, f"cell.{name}", axis, ids, role)
        for state in given:
            trace.unite(units, None if state is None else state.ids)
        if self.layer.stateful:
            trace.fix(units, f"{self.part} keeps its states between calls")
        names = ("activation", "recurrent_activation")
        if not all(is_pointwise(getattr(self.layer, name, None)) for name in names):
            trace.fix(units, f"an activation of {self.part} works on all at once")
        axis = 2 if self.layer.return_sequences else 1
        count = len(np.atleast_1d(self.layer.cell.state_size))
        return [Channels(axis, units), *(Channels(1, units) for _ in range(count))]

    bias_rank = 1

    def constants(self, use, values, threshold):
        kernel, recurrent = (w[:, self.candidate] for w in self._weights())
        given = np.full(len(kernel), np.nan) if values[0] is None else values[0]
        known = ~np.isnan(given)
        zero = (np.where(known, given, 0) @ kernel == 0) & self._starts_at_zero(use)
        zero &= ~(np.abs(kernel[~known]) > threshold).any(0)
        while True:  # what another unit gives must be nothing too
            told = (np.abs(recurrent[~zero]) > threshold).any(0)
            if not (zero & told).any():
                return [np.where(zero, 0, np.nan) for _ in use.outputs]
            zero &= ~told

    def _starts_at_zero(self, use):
        """Which units have no bias; none where a state is given, or f(0) is not 0."""
        units = self.layer.units
        if len(use.inputs) > 1 or applied(self.layer.activation, np.zeros(1))[0]:
            return np.zeros(units, bool)
        if not self.part.has("cell.bias"):
            return np.ones(units, bool)
        bias = self.part.array("cell.bias").reshape(-1, self.gates, units)
        return (bias[:, self.candidate] == 0).all(0)

    def readings(self, use, values, threshold):
        kernel, recurrent = (np.abs(w).max(1) > threshold for w in self._weights())
        made, [given, *_] = use.outputs[0], values
        known = None if given is None else ~np.isnan(given)
        yield Reading(use.inputs[0], made, kernel, known)
        state, *_ = self.constants(use, values, threshold)
        yield Reading(made, made, recurrent, state == 0)

    def with_bias(self):
        return {"use_bias": True}, ["cell.bias"]

    def folded(self, use, values, gone):
        if values[0] is None:
            return {}
        given = np.where(gone(use.inputs[0]), np.nan_to_num(values[0]), 0)
        added = given @ self.part.array("cell.kernel")
        if self.bias_rank == 2:
            added = np.stack([added, np.zeros_like(added)])
        return {self.part.name("cell.bias"): added}

    def _weights(self):
        """Returns both matrices as (inputs, gates, units)."""
        shape = (-1, self.gates, self.layer.units)
        names = ("cell.kernel", "cell.recurrent_kernel")
        return [self.part.array(name).reshape(shape) for name in names]

    def resized(self, config, sizes):
        return {"units": sizes("cell.recurrent_kernel")[0]}


class LSTM(SimpleRNN):
    """Input gate, forget gate, candidate, output gate."""

    gates, candidate = 4, 2


class GRU(SimpleRNN):
    """Update gate, reset gate, candidate."""

    gates, candidate = 3, 2

    @property
    def bias_rank(self):
        return 2 if self.layer.reset_after else 1


RULES = {
    keras.layers.GRU: GRU,
    keras.layers.LSTM: LSTM,
    keras.layers.SimpleRNN: SimpleRNN,
}
