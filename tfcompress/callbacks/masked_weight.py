"""A variable under pruning: its mask, and what of it is kept."""

import numpy as np
from keras import ops

from tfcompress.callbacks.step_variable import step_variable
from tfcompress.callbacks.values import values
from tfcompress.constraints.masked import Masked


class MaskedWeight:
    """A variable, what is kept of it, and the constraint that holds it so.

    Args:
        variable: The `keras.Variable`. Its constraint is replaced until `release`.
        pattern: The pattern that its mask follows.
        model: The compiled model that is trained.
    """

    def __init__(self, variable, pattern, model):
        self.variable = variable
        self.path = variable.path
        self.pattern = pattern
        ones = np.ones(variable.shape)
        self.mask = step_variable(model, ones, variable.dtype)
        self.previous = variable.constraint
        while isinstance(self.previous, _PruningMask):  # left by an aborted fit
            self.previous = self.previous.inner
        self.constraint = _PruningMask(self.mask, inner=self.previous)
        variable.constraint = self.constraint
        self.kept = ones > 0

    @property
    def held(self):
        """Whether the mask is still the variable's constraint."""
        return self.variable.constraint is self.constraint

    @property
    def sparsity(self):
        """The share of the variable that is removed now."""
        return 1 - np.count_nonzero(self.kept) / self.kept.size

    def check(self):
        """Raises a `ValueError` if another callback holds the variable as well."""
        if not self.held:
            raise ValueError(
                f"{self.path!r} is pruned by another callback of this `fit` as well. "
                "Give each its own weights by `which`."
            )

    def start(self, kept=None):
        """Keeps `kept`, or what is not zero; of a weight that is all zeros, all."""
        self.check()
        if kept is None:
            kept = values(self.variable) != 0
        if kept.any():
            self.keep(kept)

    def alive(self):
        """Returns which groups of the pattern have a member that is kept."""
        return self.pattern.reduce(self.kept, np.any)

    def keep(self, kept):
        """Makes `kept`, a bool array of the variable's shape, what is not zero."""
        # Both at once: the mask alone would show only after the next step. Whole, though
        # few values change: TensorFlow copies a variable at every reading of it, from
        # the first time on that some places of it were written to.
        self.kept = kept
        # As bytes: TensorFlow takes its time for an array of bool.
        mask = ops.cast(kept.view("uint8"), self.mask.dtype)
        self.mask.assign(mask)
        self.variable.assign(self.variable * mask)

    def apply(self):
        """Sets to zero what is not kept."""
        # Less than nothing times zero is -0.0; an archive would have to keep the sign.
        self.variable.assign(self.variable * self.mask + 0.0)

    def release(self):
        """Gives the variable its own constraint back."""
        if self.held:
            self.variable.constraint = self.previous


class _PruningMask(Masked):
    """Tells a mask of these callbacks from one that the user has set."""
