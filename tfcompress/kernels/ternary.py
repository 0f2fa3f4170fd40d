"""A weight of -1, 0 and +1 with a scale, learned through latent real numbers."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.codes import Codes
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import ternary


@keras.saving.register_keras_serializable(package="tfcompress")
class Ternary(Kernel):
    r"""A weight of -1, 0 and +1, times a scale per output channel.

    Forward, with latent numbers $V$ of the weight's shape, for each output channel:

    $$ W = \alpha \operatorname{sign}(V) \cdot [\,|V| > \Delta\,], \qquad
       \Delta = t \operatorname{mean} |V|, \qquad
       \alpha = \operatorname{mean}_{|V| > \Delta} |V| $$

    $\alpha$ is the best scale for these signs, and $t = 0.7$ nearly the best threshold
    where $V$ is spread as a normal distribution. Backward the gradient passes as through
    the identity. Zeros of $V$ stay zeros.

    Not gained: in training neither time nor memory. The exporter stores two bits each.

    Args:
        threshold: $t$, from 0; more makes more zeros.
        per_channel: Whether each output channel (last axis) has its own $\Delta$ and
            $\alpha$.

    Raises:
        ValueError: If `threshold` is negative.

    Example:

    >>> kernel = tfc.kernels.Ternary()
    >>> kernel.build((4, 1))
    >>> _ = kernel.encode([[0.9], [-0.7], [0.1], [0.0]])  # threshold 0.2975
    >>> kernel.full().numpy().ravel().astype(float).round(6).tolist()
    [0.8, -0.8, 0.0, 0.0]

    References:
        - [Li et al., 2016](https://arxiv.org/abs/1605.04711)
    """

    def __init__(self, *, threshold=0.7, per_channel=True, **kwargs):
        super().__init__(**kwargs)
        self.threshold = _checks.number("threshold", threshold, low=0)
        self.per_channel = _checks.boolean("per_channel", per_channel)

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.shape = tuple(shape)
        self.latent = self.add_weight(
            name="latent",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=constraint,
            autocast=False,
        )

    def full(self, training=None):
        weight = ternary.ternary(self.latent, self._axes, self.threshold)
        return ops.cast(weight, self.compute_dtype)

    def start(self, array):
        self.latent.assign(array)

    def codes(self):
        weight = ternary.ternary(self.latent, self._axes, self.threshold)
        weight = ops.convert_to_numpy(weight)
        scale = np.abs(weight).max(axis=self._axes).reshape(-1)
        return Codes(np.sign(weight).astype("int8"), scale, 2)

    def stored_bits(self):
        scales = self.shape[-1] if self.per_channel else 1
        return 2 * math.prod(self.shape) + 32 * scales

    @property
    def prunable(self):
        return [self.latent]

    def get_config(self):
        config = {"threshold": self.threshold, "per_channel": self.per_channel}
        return {**super().get_config(), **config}

    @property
    def _axes(self):
        return tuple(range(len(self.shape) - self.per_channel))
