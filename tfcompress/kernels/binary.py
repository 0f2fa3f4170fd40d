"""A weight of signs, learned through latent real numbers."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.weight_clip import WeightClip
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import binary


@keras.saving.register_keras_serializable(package="tfcompress")
class Binary(Kernel):
    r"""A weight of +1 and -1, with a scale per output channel by choice.

    Forward, with latent numbers $V$ of the weight's shape, $\operatorname{sign}(0) = +1$:

    $$ W = \operatorname{sign}(V) \quad\text{or}\quad
       W_{\cdot j} = \alpha_j \operatorname{sign}(V_{\cdot j}), \quad
       \alpha_j = \operatorname{mean}_i |V_{ij}| $$

    $\alpha_j \operatorname{sign}(V_{\cdot j})$ is the point of that form nearest to
    $V_{\cdot j}$. Backward the sign passes the gradient as if it were the identity
    (straight-through), and $V$ is kept in [-1, 1] after each step, beyond which it
    could grow without effect. $\alpha$ has its true gradient.

    Not gained: in training time nothing, and in memory nothing while training, for
    $V$ is real. The exporter stores the signs in few bits.

    Args:
        scale: None, or `"channel"` for one scale per output channel (the last axis).
        stochastic: If True, in training $W = +1$ with probability
            $\operatorname{clip}((V + 1) / 2, 0, 1)$, else -1 (times the scale). At
            inference the sign is taken: what is shipped is binary. (The paper keeps
            the real numbers there.)
        seed: Integer for the draws of `stochastic`; drawn if None.

    Raises:
        ValueError: If `scale` is another word, or if the host has a constraint.

    Example:

    >>> kernel = tfc.kernels.Binary(scale="channel")
    >>> kernel.build((3, 1))
    >>> round(kernel.encode([[0.5], [-0.1], [0.0]]), 2)  # becomes 0.2 * (1, -1, 1)
    0.73
    >>> kernel.stored_bits()  # three signs and one float32
    35

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
        - [Rastegari et al., 2016](https://arxiv.org/abs/1603.05279), the scale
    """

    def __init__(self, *, scale=None, stochastic=False, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.scale = _checks.choice("scale", scale, (None, "channel"))
        self.stochastic = _checks.boolean("stochastic", stochastic)
        self.seed = seed
        self._noise = keras.random.SeedGenerator(seed) if stochastic else None

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        self.latent = self.add_weight(
            name="latent",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=WeightClip(-1.0, 1.0),
        )

    def full(self, training=None):
        signs = self._signs(training)
        return signs if self.scale is None else signs * self._scales()

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if self.scale is None or output_axis is None or not training:
            return super().apply(op, inputs, training=training)
        # The scales go on the outputs, whose gradient is cheaper than the weights'.
        outputs = op(inputs, self._signs(training))
        shape = [1] * len(outputs.shape)
        shape[output_axis] = self.shape[-1]
        return outputs * ops.reshape(self._scales(), shape)

    def rows(self, indices, training=None):
        if self.stochastic and training:
            return super().rows(indices, training)  # a row must be drawn once a call
        signs = binary.sign(ops.take(self.latent, indices, axis=0))
        signs = ops.cast(signs, self.compute_dtype)
        return signs if self.scale is None else signs * self._scales()

    def start(self, array):
        self.latent.assign(np.clip(array, -1.0, 1.0))

    def stored_bits(self):
        scales = self.shape[-1] if self.scale else 0
        return math.prod(self.shape) + 32 * scales

    @property
    def prunable(self):
        return []  # the sign of a zero is +1: pruning a sign means nothing

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "stochastic": self.stochastic,
            "seed": self.seed,
        }

    def _signs(self, training):
        draw = self.stochastic and training
        latent = self.latent
        signs = binary.random_sign(latent, self._noise) if draw else binary.sign(latent)
        return ops.cast(signs, self.compute_dtype)

    def _scales(self):
        others = tuple(range(len(self.shape) - 1))
        return ops.cast(ops.mean(ops.abs(self.latent), axis=others), self.compute_dtype)
