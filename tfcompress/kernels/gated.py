"""What kernels share that multiply a weight by gates, some of which close."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.weight_clip import WeightClip
from tfcompress.kernels.learned_sparsity import GROUPS, LearnedSparsity
from tfcompress.ops import noise

DEVIATION = 0.01  # of the numbers that gates start from, as in the papers' code


class Gated(LearnedSparsity):
    """A weight times gates, one for each weight, input or output.

    A method overrides `start_of_gates`, `sampled`, `settled` and `penalty`, and may set
    `limits`, between which the number behind each gate is held.
    """

    limits = None

    def __init__(self, *, groups, strength, drop_rate, seed=None, **kwargs):
        super().__init__(strength=strength, seed=seed, **kwargs)
        self.groups = _checks.choice("groups", groups, GROUPS)
        # Above it, the gates of some methods would be closed before the first step.
        high = {"low": 0, "high": 0.9, "open_low": True, "open_high": True}
        self.drop_rate = _checks.number("drop_rate", drop_rate, **high)

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        self.value = self.add_weight(
            name="value",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
        )
        start = keras.initializers.RandomNormal(
            self.start_of_gates(), DEVIATION, seed=self.seed
        )
        self.add_strength()
        shape = self.group_shape(self.groups)
        self.group_size = math.prod(self.shape) // math.prod(shape)
        self.gate = self.add_float(
            "gate",
            shape,
            start,
            regularizer=self.penalty,
            constraint=WeightClip(*self.limits),
        )

    def start_of_gates(self) -> float:
        """Returns what the numbers behind the gates begin with, for `drop_rate`."""
        raise NotImplementedError

    def sampled(self, gate, uniform):
        """Returns gates drawn for one batch; `uniform` in (0, 1)."""
        raise NotImplementedError

    def settled(self, gate):
        """Returns the gates of inference."""
        raise NotImplementedError

    def penalty(self, gate):
        """Returns what is added to the loss."""
        raise NotImplementedError

    def gates(self, training=None):
        """Returns the gates, in float32, in a shape that is broadcast to the weight's."""
        if not training:
            return self.settled(self.gate)
        return self.sampled(self.gate, noise.uniform(self.gate.shape, self.random))

    def full(self, training=None):
        gates = ops.cast(self.gates(training), self.compute_dtype)
        return ops.cast(self.value, self.compute_dtype) * gates

    def rows(self, indices, training=None):
        gates = ops.cast(self.gates(training), self.compute_dtype)
        if self.gate.shape[0] == self.shape[0]:
            gates = ops.take(gates, indices, axis=0)
        else:
            gates = ops.squeeze(gates, 0)
        # From the variable itself: its gradient then touches these rows alone.
        rows = ops.take(self.value, indices, axis=0)
        return ops.cast(rows, self.compute_dtype) * gates

    def start(self, array):
        gates = ops.convert_to_numpy(self.gates())
        self.value.assign(array / np.where(gates == 0, 1, gates))

    def get_config(self):
        return {
            **super().get_config(),
            "groups": self.groups,
            "drop_rate": self.drop_rate,
        }
