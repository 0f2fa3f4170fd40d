"""The group lasso as a step after each update, which zeroes groups exactly."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.ops import group_lasso


@keras.saving.register_keras_serializable(package="tfcompress")
class ProximalGroupLasso(keras.constraints.Constraint):
    r"""Shortens the norm of every group of weights after each optimizer step.

    $$ W_g \leftarrow \max\left(0, 1 - \frac{\eta \lambda}{\lVert W_g \rVert_2}\right)
       W_g $$

    the proximal step of $\lambda \sum_g \lVert W_g \rVert_2$ at learning rate η. It
    *replaces* `tfcompress.regularizers.GroupLasso` (with both, a group is pressed
    twice) and leaves groups exactly zero. The loss that `fit` reports does not contain
    it. The kernel is no smaller for its zero groups, and the layer no faster. With
    `groups="both"` the step is taken for the columns, then for the rows; neither
    revives what the other has zeroed.

    With plain SGD this is proximal gradient descent on loss plus penalty. Momentum and
    adaptive optimizers scale the loss's part of the update, not this one: there λ is
    a strength to be tried (Adam: start near 0.3), not the factor of an objective.

    Args:
        strength: Float, `strength >= 0`, the factor λ.
        groups: `"incoming"`, `"outgoing"` or `"both"`, as in
            `tfcompress.regularizers.GroupLasso`.
        learning_rate: Float `> 0` or optimizer, the rate η. With a float, `η λ` is what
            a norm loses at every step, whatever the optimizer's rate does; Keras calls
            constraints at every accumulated step, so under
            `gradient_accumulation_steps=k` give `η / k`. With the optimizer itself, its
            rate is read at every step, schedules and accumulation are followed, and
            the config, so also a saved model, holds the rate of that moment.

    Raises:
        ValueError: If an argument is not as above.

    Example:

    >>> constraint = tfc.constraints.ProximalGroupLasso(2.5, learning_rate=1.0)
    >>> print(constraint([[3.0, 0.3], [4.0, 0.4]]).numpy())  # columns of norm 5, 0.5
    [[1.5 0. ]
     [2.  0. ]]

    References:
        - [Parikh & Boyd, 2014, section 6.5.4](https://doi.org/10.1561/2400000003)
    """

    def __init__(self, strength, groups="incoming", *, learning_rate=1e-3):
        self.strength = _checks.number("strength", strength, low=0)
        self.groups = _checks.choice("groups", groups, group_lasso.AXES)
        if not isinstance(learning_rate, keras.optimizers.Optimizer):
            _checks.number("learning_rate", learning_rate, low=0, open_low=True)
        self.learning_rate = learning_rate

    def __call__(self, w):
        step = self._rate() * self.strength
        for axis in group_lasso.AXES[self.groups]:
            w = group_lasso.shrink_groups(w, step, axis)
        return w

    def get_config(self):
        return {
            "strength": self.strength,
            "groups": self.groups,
            "learning_rate": float(ops.convert_to_numpy(self._rate())),
        }

    def _rate(self):
        optimizer = self.learning_rate
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            return self.learning_rate
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        # Constraints run at every accumulated step; k small steps make one.
        steps = optimizer.gradient_accumulation_steps or 1
        return ops.convert_to_tensor(optimizer.learning_rate) / steps
