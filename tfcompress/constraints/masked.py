"""A constraint that keeps chosen weights at zero."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class Masked(keras.constraints.Constraint):
    r"""Sets weights to zero wherever the mask is zero, after each optimizer step.

    $$ w \leftarrow w \odot mask $$

    The mask can be changed at any time, also between two steps of a compiled
    training step. The zeros take as much room in memory as the weights did.

    A product rather than a choice by `where`, for it costs the training step less. A
    weight that has become NaN or infinite stays NaN: such a run is lost, and zeros
    would hide it.

    Args:
        mask: Variable or array of the weight's shape, 1 where a weight is kept and 0
            where it is held at zero. A variable is used as it is, not copied.
        inner: Another constraint, or None. It sees masked weights, and the mask holds
            over its result.

    Raises:
        ValueError: If `mask` holds something else, `inner` is no constraint, or the
            weights have another shape than the mask.

    Example:

    >>> print(Masked([1, 0, 1])([3.0, 4.0, 5.0]).numpy())
    [3. 0. 5.]
    """

    def __init__(self, mask, inner=None):
        if not isinstance(mask, keras.Variable):
            values = _zeros_and_ones(mask)
            mask = keras.Variable(values, dtype="float32", trainable=False, name="mask")
        self.mask = mask
        try:
            self.inner = keras.constraints.get(inner)
        except (TypeError, ValueError) as fault:
            rule = f"be a constraint, or None ({fault})"
            raise _checks.error("inner", rule, inner) from fault

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        if tuple(self.mask.shape) != tuple(w.shape):
            # It would be broadcast, and hold other weights than it was made for.
            rule = f"have the shape of the weights, {tuple(w.shape)}"
            raise _checks.error("mask.shape", rule, tuple(self.mask.shape))
        mask = ops.cast(self.mask, w.dtype)
        w = w * mask
        return w if self.inner is None else self.inner(w) * mask

    def get_config(self):
        return {
            "mask": ops.convert_to_numpy(self.mask).tolist(),
            "inner": keras.constraints.serialize(self.inner),
        }


def _zeros_and_ones(mask):
    try:
        values = np.asarray(mask)
    except ValueError:  # rows of different lengths
        values = np.empty(0)
    numbers = values.ndim and values.size and values.dtype.kind in "biuf"
    if not numbers or not np.isin(values, (0, 1)).all():
        raise _checks.error("mask", "be an array of 0 and 1, or a variable", mask)
    return values.astype("float32")
