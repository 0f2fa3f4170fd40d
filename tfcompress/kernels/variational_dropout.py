"""A weight with learned noise; where all is noise, the weight goes."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.learned_sparsity import GROUPS, LearnedSparsity
from tfcompress.ops import noise, variational_dropout


@keras.saving.register_keras_serializable(package="tfcompress")
class VariationalDropout(LearnedSparsity):
    r"""A weight drawn from $N(\theta, \sigma^2)$, both learned, one by one.

    The loss gains `strength` times the divergence from a log-uniform prior, which falls
    with $\alpha = \sigma^2 / \theta^2$:

    $$ \sum k_1 - k_1 \mathrm{sigm}(k_2 + k_3 \log\alpha)
       + \frac12 \log(1 + 1 / \alpha). $$

    Weights that the data do not hold become noise. At inference those with
    $\log\alpha$ above `threshold` are zero, and the others $\theta$.

    In training dense layers and plain convolutions draw their outputs, not their
    weights: with mean $x \theta$ and variance $x^2 \sigma^2$, for each example by itself
    (local reparametrization); embeddings draw the rows that are looked up. Other hosts
    draw the weights once for each call: a recurrent layer has the same noise in all its
    time steps, as the theory wants it.

    Begin with `strength` 0 and raise it with `tfcompress.callbacks.PenaltySchedule`:
    pressed from the first step, a network may lose all its weights before it has learnt
    anything. `tfcompress.fold` makes a plain weight of it, with exact zeros.

    Not gained: training takes twice the multiplications and three times the memory of
    the weight; scattered zeros make no plain file smaller.

    Args:
        strength: Float, `strength >= 0`. One over the number of training examples is
            the bound of the theory.
        groups: None, or `"input"` or `"output"`, as in
            `tfcompress.kernels.HardConcrete`: a further noisy factor for each of them,
            so that words, neurons and filters go as a whole.
        threshold: Float in (-8, 8); 3 is where 95 % of the weight is noise.
        initial_log_variance: Float, what $\log\sigma^2$ begins with.
        seed: Integer or None.

    Raises:
        ValueError: If an argument is not as above, or there are `groups` of a weight
            of one axis.

    Example:

    >>> kernel = tfc.kernels.VariationalDropout(strength=1 / 60000)
    >>> kernel.build((2, 3))
    >>> kernel.encode([[1.0, -2.0, 0.5], [0.3, 0.7, 0.1]])
    0.0
    >>> _ = kernel.log_variance.assign([[-9.0, 0.0, 3.0], [-9.0, -4.0, -1.0]])
    >>> kernel.full().numpy()  # 0.5 and 0.1 are less than their noise
    array([[ 1. , -2. ,  0. ],
           [ 0.3,  0.7,  0. ]], dtype=float32)

    References:
        - [Molchanov et al., 2017](https://arxiv.org/abs/1701.05369)
        - [Lobacheva et al., 2017](https://arxiv.org/abs/1708.00077), recurrent networks
        - [Chirkova et al., 2018](https://arxiv.org/abs/1810.10927), groups
    """

    needs_warm_up = True

    def __init__(
        self,
        *,
        strength,
        groups=None,
        threshold=3.0,
        initial_log_variance=-10.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(strength=strength, seed=seed, **kwargs)
        self.groups = _checks.choice("groups", groups, (None, *GROUPS[1:]))
        bounds = {"low": -8, "high": 8, "open_low": True, "open_high": True}
        self.threshold = _checks.number("threshold", threshold, **bounds)
        self.initial_log_variance = _checks.number(
            "initial_log_variance", initial_log_variance
        )

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.shape = tuple(shape)
        self.add_strength()
        self.value = self.add_float(
            "value",
            self.shape,
            initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=constraint,
        )
        small = keras.initializers.Constant(self.initial_log_variance)
        self.log_variance = self.add_float(
            "log_variance",
            self.shape,
            small,
            regularizer=self._penalty,
        )
        if self.groups is not None:
            shape = self.group_shape(self.groups)
            self.factor = self.add_float("factor", shape, "ones")
            self.factor_log_variance = self.add_float(
                "factor_log_variance",
                shape,
                small,
                regularizer=self._factor_penalty,
            )

    def full(self, training=None):
        if training:
            weight = self._drawn(self.value, self.log_variance) * self._factors(True)
        else:
            weight = self._kept(self.value, self.log_variance) * self._factors(False)
        return ops.cast(weight, self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if not training:
            return super().apply(op, inputs, training=training)
        factors = self._factors(True)
        mean = op(inputs, ops.cast(self.value * factors, self.compute_dtype))
        # In float32: squares of small weights are nothing in half precision.
        variance = op(
            ops.square(ops.cast(inputs, "float32")),
            ops.exp(self.log_variance) * ops.square(factors),
        )
        deviation = ops.sqrt(variance + variational_dropout.EPSILON)
        return mean + ops.cast(deviation * self._normal(mean), mean.dtype)

    def rows(self, indices, training=None):
        taken = [
            ops.take(variable, indices, axis=0)
            for variable in (self.value, self.log_variance)
        ]
        factors = self._factors(training)
        if self.groups == "input":
            factors = ops.take(factors, indices, axis=0)
        elif self.groups == "output":
            factors = ops.squeeze(factors, 0)
        rows = self._drawn(*taken) if training else self._kept(*taken)
        return ops.cast(rows * factors, self.compute_dtype)

    def start(self, array):
        if self.groups is not None:
            self.factor.assign(np.ones(self.factor.shape))
            variance = np.full(self.factor.shape, self.initial_log_variance)
            self.factor_log_variance.assign(variance)
        self.value.assign(array)
        # Noise no greater than the weight, or small weights would go at once.
        largest = np.log(np.square(array) + variational_dropout.EPSILON)
        self.log_variance.assign(np.minimum(largest, self.initial_log_variance))

    def divergence(self):
        """Returns the divergence of all weights from the prior, in nats."""
        whole = _divergence(self.value, self.log_variance)
        if self.groups is None:
            return whole
        return whole + _divergence(self.factor, self.factor_log_variance)

    def get_config(self):
        return {
            **super().get_config(),
            "groups": self.groups,
            "threshold": self.threshold,
            "initial_log_variance": self.initial_log_variance,
        }

    def _penalty(self, log_variance):
        return self.strength * _divergence(self.value, log_variance)

    def _factor_penalty(self, log_variance):
        return self.strength * _divergence(self.factor, log_variance)

    def _factors(self, training):
        if self.groups is None:
            return 1.0
        take = self._drawn if training else self._kept
        return take(self.factor, self.factor_log_variance)

    def _drawn(self, mean, log_variance):
        return mean + ops.exp(0.5 * log_variance) * self._normal(mean)

    def _kept(self, mean, log_variance):
        alpha = variational_dropout.log_alpha(mean, log_variance)
        # A tensor: JAX takes no variable here.
        return ops.where(alpha > self.threshold, 0.0, ops.convert_to_tensor(mean))

    def _normal(self, like):
        return noise.normal(ops.shape(like), self.random)


def _divergence(mean, log_variance):
    log_alpha = variational_dropout.log_alpha(mean, log_variance)
    return ops.sum(variational_dropout.divergence(log_alpha))
