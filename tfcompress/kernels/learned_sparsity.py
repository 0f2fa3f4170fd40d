"""What kernels share that learn which of their weights are zero."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel

GROUPS = ("weight", "input", "output")


class LearnedSparsity(Kernel):
    """A weight that is random in training, and partly zero for good at inference.

    What it costs to keep a weight is added to the loss, times `strength`: a variable,
    which `tfcompress.callbacks.PenaltySchedule` moves. It is a regularizer of the
    variable that decides, not `add_loss` in a call: so a layer that is called twice, or
    in a loop over time, pays once.
    """

    # Whether it may be lost if the penalty is there from the first step.
    needs_warm_up = False

    def __init__(self, *, strength, seed=None, **kwargs):
        super().__init__(**kwargs)
        self._initial_strength = _checks.number("strength", strength, low=0)
        self.strength = self._initial_strength
        self.seed = None if seed is None else _checks.integer("seed", seed, low=0)
        self.random = keras.random.SeedGenerator(self.seed)

    def add_strength(self):
        """Makes the variable `strength`."""
        start = keras.initializers.Constant(self._initial_strength)
        self.strength = self.add_float("strength", (), start, trainable=False)

    def add_float(self, name, shape, initializer, **options):
        """Returns a variable that stays float32 in mixed precision.

        Its penalty is added to others of float32, and squares of it are taken.
        """
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            autocast=False,
            dtype="float32",
            **options,
        )

    def group_shape(self, groups):
        """Returns the shape, ready to be broadcast, of one number for each group."""
        if groups == "weight":
            return self.shape
        axis = len(self.shape) - (1 if groups == "output" else 2)
        if axis < 0 or len(self.shape) < 2:
            rule = "be 'weight' for a weight of one axis"
            raise _checks.error("groups", rule, groups)
        return tuple(n if i == axis else 1 for i, n in enumerate(self.shape))

    def sparsity(self) -> float:
        """Returns the share of the weights that are zero at inference."""
        return float(np.mean(ops.convert_to_numpy(self.full()) == 0))

    def all_zero(self, layer, weight) -> str:
        """Returns what to tell of a weight that has become zero as a whole."""
        strength = float(self.strength.numpy())
        return (
            f"All of weight {weight!r} of layer {layer!r} is zero: nothing goes through "
            "it any more. Train with a smaller `strength`, now "
            f"{strength:.3g}, or raise it later, with "
            "`tfcompress.callbacks.PenaltySchedule`."
        )

    def stored_bits(self):
        # Of what is left once it is folded: gates and noise are for training.
        return 32 * math.prod(self.shape)

    @property
    def prunable(self):
        return [self.value]

    def get_config(self):
        return {
            **super().get_config(),
            "strength": self._initial_strength,
            "seed": self.seed,
        }
