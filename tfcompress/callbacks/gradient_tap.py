"""What an optimizer is given, seen within the compiled training step."""

import keras
import numpy as np
from keras import ops

from tfcompress.callbacks.step_variable import inner_optimizer, step_variable


class GradientTap:
    """Stands in front of `optimizer.apply` for the length of a `fit`.

    So it sees the gradients that the training has computed anyway: after loss scaling
    was undone, before clipping and averaging, on every micro-step of an accumulation,
    and at removed weights too. It keeps a running mean of what `observe` returns
    for each weight, or their sum, in a variable that changes inside that step.

    Args:
        model: The compiled model that is trained.
        weights: List of `MaskedWeight`.
        observe: Function of a weight's value, its gradient, both tensors, and its
            pattern, which returns a tensor of that shape.
        memory: Float in [0, 1), the weight of the past in the running mean; or None
            for the sum.
        holding: Whether the optimizer is kept from changing the weights.

    Raises:
        RuntimeError: On JAX, under a distribution.
    """

    def __init__(self, model, weights, observe, memory, holding=False):
        _refuse_distribution()
        self.model = model
        self.optimizer = inner_optimizer(model)
        self.weights = {id(weight.variable): weight for weight in weights}
        self.observe = observe
        self.memory = memory
        self.holding = holding
        self.seen = {
            key: step_variable(model, np.zeros(weight.variable.shape), "float32")
            for key, weight in self.weights.items()
        }
        self.inner = self.optimizer.apply
        self.optimizer.apply = self

    def __call__(self, grads, trainable_variables=None):
        # JAX's step gives none: it has them in the model's order.
        variables = trainable_variables or self.model.trainable_variables
        for gradient, variable in zip(grads, variables, strict=True):
            weight = self.weights.get(id(variable))
            # Left over by an aborted fit, whose weights are others' now: look away.
            if gradient is not None and weight is not None and weight.held:
                self._see(weight, gradient)
        if not self.holding:
            self.inner(grads, trainable_variables)

    @property
    def has_seen(self):
        """Whether any gradient has come by."""
        return any(bool(ops.any(seen != 0)) for seen in self.seen.values())

    def read(self, variable):
        """Returns what was seen of the variable, as a numpy array."""
        return ops.convert_to_numpy(self.seen[id(variable)])

    def write(self, variable, seen):
        """Sets what was seen of the variable, as `read` returned it."""
        self.seen[id(variable)].assign(seen)

    def close(self):
        """Takes the tap out, also from under others that were put on later."""
        outer = self.optimizer
        name = "apply"
        while getattr(outer, name) is not self:
            outer, name = getattr(outer, name), "inner"
            if not isinstance(outer, GradientTap):
                return  # somebody else has taken the optimizer over
        setattr(outer, name, self.inner)

    def _see(self, weight, gradient):
        gradient = ops.cast(ops.convert_to_tensor(gradient), "float32")
        value = ops.cast(ops.convert_to_tensor(weight.variable), "float32")
        news = self.observe(value, gradient, weight.pattern)
        seen = self.seen[id(weight.variable)]
        if self.memory is not None:
            news = (1 - self.memory) * (news - seen)
        seen.assign_add(news)


def _refuse_distribution():
    # It lays out the state of a step before callbacks begin.
    jax = keras.backend.backend() == "jax"
    if jax and keras.distribution.distribution() is not None:
        raise RuntimeError(
            "Scores of gradients cannot be kept on JAX under `keras.distribution`. "
            "Train on one device, or take a callback that needs none, such as "
            "`PruneLowMagnitude`."
        )
