"""The range of a layer's inputs, tracked or learned, and rounding to it."""

import math

import keras
from keras import ops

from tfcompress.ops import quantization

MOMENTUM = 0.99


class InputRange(keras.layers.Layer):
    r"""Rounds inputs to $2^{bits}$ numbers in a range that holds 0.

    Tracked: the moving average of the least and the greatest value of the batches of
    training, $r \leftarrow 0.99\, r + 0.01\, r_{batch}$. Learned: starts at that of the
    first batch and is trained. Before the first batch of training nothing is rounded.
    It is a part of `Quantized`.

    Args:
        bits: Bits of each input.
        learned: Whether the range is trained.
    """

    def __init__(self, bits, *, learned=False, **kwargs):
        super().__init__(**kwargs)
        self.bits = bits
        self.learned = learned

    def build(self):
        # In float32 whatever the policy: a range in half precision would move the grid.
        options = {"shape": (), "initializer": "zeros", "dtype": "float32"}
        options |= {"trainable": self.learned, "autocast": False}
        self.low = self.add_weight(name="low", **options)
        self.high = self.add_weight(name="high", **options)

    def round(self, inputs, training=None):
        """Returns the inputs rounded, in their dtype; in training sets the range."""
        x = ops.cast(inputs, "float32")
        low, high = self._observe(x) if training else (self.low, self.high)
        size = math.prod(filter(None, inputs.shape[1:]))
        if self.learned:
            # As learned step size quantization scales the gradient of its step.
            factor = 1 / math.sqrt(size * (2**self.bits - 1))
            low, high = _scaled(low, factor), _scaled(high, factor)
        return ops.cast(quantization.asymmetric(x, low, high, self.bits), inputs.dtype)

    def _observe(self, x):
        low = ops.minimum(ops.min(ops.stop_gradient(x)), 0.0)
        high = ops.maximum(ops.max(ops.stop_gradient(x)), 0.0)
        seen = ops.convert_to_tensor(self.high) > ops.convert_to_tensor(self.low)
        if self.learned:
            ranges = [
                ops.where(seen, ops.convert_to_tensor(old), new)
                for old, new in ((self.low, low), (self.high, high))
            ]
            for variable, start in zip((self.low, self.high), (low, high), strict=True):
                variable.assign(ops.where(seen, ops.convert_to_tensor(variable), start))
            # An optimizer may push the ends past 0, which must stay on the grid.
            return ops.minimum(ranges[0], 0.0), ops.maximum(ranges[1], 0.0)
        for variable, new in ((self.low, low), (self.high, high)):
            mean = MOMENTUM * variable + (1 - MOMENTUM) * new
            variable.assign(ops.where(seen, mean, new))
        return self.low, self.high


def _scaled(x, factor):
    """Returns `x`, with its gradient times `factor`."""
    x = ops.convert_to_tensor(x)
    return x * factor + ops.stop_gradient(x * (1 - factor))
