"""The proximal step of a penalty after each update, which makes exact zeros."""

import keras
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class ProximalStep(keras.constraints.Constraint):
    r"""Takes the proximal step of a penalty after each optimizer step.

    $$ w \leftarrow \arg\min_v \tfrac12 \lVert v - w \rVert_2^2 + \eta R(v) $$

    for the penalty $R$ and the learning rate η. It *replaces* the penalty as a
    regularizer (with both, a weight is pressed twice) and leaves weights and groups
    exactly zero. The loss that `fit` reports does not contain it. The kernel is no
    smaller for its zeros, and the layer no faster, until they are taken out.

    What is exact:

    - Groups that do not overlap, with `l1` or without, are minimized over in closed
      form. Rows and columns of one kernel do overlap: the step is taken for columns,
      then for rows; neither revives what the other has zeroed.
    - With plain SGD this is proximal gradient descent on loss + R, and ends at its
      minimum. With momentum m it ends at that of loss + (1 - m) R.
    - Adaptive optimizers scale the loss's part of an update, not this one. Adam moves a
      group of n weights by about $\eta \sqrt n$ at most, however small the loss is:
      there the strength is compared with $\sqrt n$, not with the loss. Start near 0.3.
    - Groups that nothing needs end at zero. Single weights in living groups are moved
      again by the noise of each batch: they end near zero, not all at it. Cut them by
      a small threshold.
    - Under gradient accumulation with the optimizer as `learning_rate`, the step is
      taken once for each update, after it, as without accumulation.

    Args:
        penalty: One of `tfcompress.regularizers`, or a regularizer of your own with a
            method `proximal_step(w, rate)`.
        learning_rate: Float `>= 0` or optimizer, the rate η. With a float it stays that
            whatever the optimizer's rate does, and is taken at every accumulated step:
            for `gradient_accumulation_steps=k` give `η / k`. With the optimizer itself,
            its rate is read at every step, schedules and accumulation are followed, and
            the config, so also a saved model, holds the rate of that moment.

    Raises:
        ValueError: If `learning_rate` is not as above.
        TypeError: If `penalty` has no proximal step.

    Example:

    >>> penalty = tfc.regularizers.SparseGroupLasso(2.0, l1=1.0)
    >>> step = tfc.constraints.ProximalStep(penalty, learning_rate=1.0)
    >>> print(step([[7.0, 0.5], [9.0, 2.5]]).numpy())  # less 1: columns of norm 10, 1.5
    [[4.8 0. ]
     [6.4 0. ]]

    References:
        - [Parikh & Boyd, 2014](https://doi.org/10.1561/2400000003)
        - [Simon et al., 2013](https://doi.org/10.1080/10618600.2012.681250), for the
          sparse group lasso
    """

    def __init__(self, penalty, *, learning_rate=1e-3):
        try:
            self.penalty = keras.regularizers.get(penalty)
        except (TypeError, ValueError):
            self.penalty = None
        if not hasattr(self.penalty, "proximal_step"):
            rule = "be a penalty with a proximal step, such as `GroupLasso(1e-3)`"
            remedy = "For L1 alone give `SparseGroupLasso(0.0, l1=...)`."
            raise _checks.error("penalty", rule, penalty, remedy=remedy, kind=TypeError)
        if not isinstance(learning_rate, keras.optimizers.Optimizer):
            # 0 too: where a decay to 0 has ended, a saved model has that.
            learning_rate = _checks.number("learning_rate", learning_rate, low=0)
        self.learning_rate = learning_rate

    def __call__(self, w):
        return self.penalty.proximal_step(w, self._step_rate())

    def get_config(self):
        optimizer = self._optimizer()
        rate = self.learning_rate if optimizer is None else optimizer.learning_rate
        return {
            "penalty": keras.regularizers.serialize(self.penalty),
            "learning_rate": float(ops.convert_to_numpy(rate)),
        }

    def _optimizer(self):
        given = self.learning_rate
        if not isinstance(given, keras.optimizers.Optimizer):
            return None
        return getattr(given, "inner_optimizer", given)  # of a LossScaleOptimizer

    def _step_rate(self):
        optimizer = self._optimizer()
        if optimizer is None:
            return self.learning_rate
        rate = ops.convert_to_tensor(optimizer.learning_rate)
        accumulated = optimizer.gradient_accumulation_steps
        if not accumulated:
            return rate
        # Constraints run at every accumulated step, but `iterations` counts updates;
        # the first of the optimizer's variables counts steps, this one not yet.
        steps = optimizer.variables[0] + 1
        return ops.where(steps % accumulated == 0, rate, 0.0)
