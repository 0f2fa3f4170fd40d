"""What the pruning callbacks share that score weights by their gradients."""

from tfcompress.callbacks.gradient_tap import GradientTap
from tfcompress.callbacks.pruning import Pruning


class GradientPruning(Pruning):
    """Removes weights by what the training's own gradients say of them.

    A method is a subclass that defines `observe`, and `scores` where the running mean
    of it is not the score. The gradients are those of the training batches, seen
    where the optimizer is given them: nothing is computed twice, and it holds under
    jit, steps_per_execution, mixed precision and gradient accumulation. A score is
    known after the first step, so the first cut of a schedule that begins at step 0
    comes then, or later where mixed precision lets the first steps go by unused.

    It costs a pass over each weight per step and room for one more copy of it, in the
    backups of the run too.
    """

    #: The weight of the past in the running mean, about 100 steps; None for a sum.
    memory = 0.99
    #: Whether the optimizer is kept from changing the weights before the first cut.
    holding = False
    _tap = None

    def observe(self, value, gradient, pattern):
        """Returns what a step says of a weight, as a tensor of its shape.

        It is called within the compiled step, on tensors of float32.
        """
        raise NotImplementedError

    def scores(self, variable):
        return self._tap.read(variable)

    @property
    def ready(self):
        return self._tap.has_seen

    def state(self):
        """Returns the masks, and what was seen of the gradients until now."""
        state = super().state()
        for place, arrays in state.items():
            arrays["seen"] = self._tap.read(self.model.trainable_variables[place])
        return state

    def restore(self, weight, arrays):
        """Takes back what `state` returned for a weight."""
        super().restore(weight, arrays)
        self._tap.write(weight.variable, arrays["seen"])

    def _attach(self):
        super()._attach()
        self._tap = GradientTap(
            self.model,
            self._weights,
            self.observe,
            self.memory,
            self.holding,
        )

    def _release(self):
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        super()._release()
