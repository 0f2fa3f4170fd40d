"""A constraint that keeps every weight inside an interval."""

import keras
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class WeightClip(keras.constraints.Constraint):
    r"""Clips weights to `[low, high]` after each optimizer step.

    $$ w \leftarrow \min(\max(w, low), high) $$

    Binary weights need it: where the straight-through gradient is zero, outside
    `[-1, 1]`, a latent weight that drifted there could never come back. Nothing
    gets smaller by clipping.

    Args:
        low: Float, the least value a weight may take.
        high: Float, the greatest; above `low`.

    Raises:
        ValueError: If a bound is not finite, or `high` is not above `low`.

    Example:

    >>> print(tfc.constraints.WeightClip()([-3.0, 0.5, 2.0]).numpy())
    [-1.   0.5  1. ]

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
    """

    def __init__(self, low=-1.0, high=1.0):
        self.low = _checks.number("low", low)
        self.high = _checks.number("high", high, low=self.low, open_low=True)

    def __call__(self, w):
        return ops.clip(ops.convert_to_tensor(w), self.low, self.high)

    def get_config(self):
        return {"low": self.low, "high": self.high}
