"""A convolution as one filter for each channel and a product that mixes them."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.convolution_factors import ConvolutionFactors
from tfcompress.ops import tensor_decompositions as decompositions


@keras.saving.register_keras_serializable(package="tfcompress")
class Separable(ConvolutionFactors):
    r"""A convolution kernel that is depthwise separable, as those of MobileNet are.

    $$ W_{h c o} = \sum_k D_{h c k}\, P_{c k o} $$

    with `multiplier` filters $D$ for each input channel and a 1x1 convolution $P$: 8 to 9
    times fewer products than a 3x3 convolution of many channels. A layer that is swapped
    for it starts at its best separable approximation, by a singular value decomposition
    for each channel; with the layer's inputs known, $P$ is then fitted to its outputs.

    Not gained: the depthwise convolution itself where strides are unequal or in three
    dimensions. The full kernel is formed there.

    Args:
        multiplier: Integer, filters for each input channel.
        must_pay: If False, as much as the kernel may be stored.

    Raises:
        ValueError: If the factors store as much as the kernel, or for a matrix.

    Example:

    >>> model = keras.Sequential([keras.Input((8, 8, 32)), keras.layers.Conv2D(64, 3)])
    >>> small = tfc.convert(model, {keras.layers.Conv2D: tfc.kernels.Separable()})
    >>> small.count_params()  # 9 * 32 + 32 * 64 + 64, where it was 18496
    2400

    References:
        - [Howard et al., 2017](https://arxiv.org/abs/1704.04861)
        - [Guo et al., 2018](https://arxiv.org/abs/1808.06866)
    """

    def __init__(self, *, multiplier=1, **kwargs):
        super().__init__(**kwargs)
        self.multiplier = _checks.integer("multiplier", multiplier)

    def choose(self):
        *window, _, filters = self.shape
        most = min(math.prod(window), filters)
        if self.multiplier > most:
            rule = f"be at most {most} for a kernel of {self.shape}"
            raise _checks.error("multiplier", rule, self.multiplier)

    def factors(self):
        *window, channels, filters = self.shape
        k = self.multiplier

        def deviation(meant):
            return ops.sqrt(meant / k**0.5)

        return {
            "depthwise": ((*window, channels, k), deviation),
            "pointwise": ((channels * k, filters), deviation),
        }

    def left(self):
        # Each channel in the rows of its own, and zero in those of the others.
        channels, k = self.shape[-2], self.multiplier
        own = np.repeat(np.eye(channels, dtype="float32"), k, axis=1)
        filters = ops.concatenate([self.depthwise] * channels, axis=-1)
        filters = ops.reshape(filters, (*self.shape[:-1], channels, k))
        own = ops.cast(own.reshape(channels, channels, k), filters.dtype)
        return ops.reshape(filters * own, (*self.shape[:-1], channels * k))

    def right(self):
        return self.pointwise

    def full(self, training=None):
        channels, filters = self.shape[-2:]
        mix = ops.reshape(self.pointwise, (channels, self.multiplier, filters))
        whole = ops.matmul(ops.expand_dims(self.depthwise, -2), mix)
        return ops.cast(ops.squeeze(whole, -2), self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None or not getattr(op, "has_depthwise", False):
            return super().apply(op, inputs, training=training)
        filters = ops.cast(self.depthwise, self.compute_dtype)
        return self.in_steps(op.depthwise(inputs, filters), output_axis)

    def decompose(self, array):
        return decompositions.separable(array, self.multiplier)

    def get_config(self):
        return {**super().get_config(), "multiplier": self.multiplier}
