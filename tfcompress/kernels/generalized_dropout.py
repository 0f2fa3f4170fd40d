"""A weight behind dropout whose rates are learned."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.gated import Gated

SMALLEST = 1e-3


@keras.saving.register_keras_serializable(package="tfcompress")
class GeneralizedDropout(Gated):
    r"""A weight times gates that are open with learned probabilities.

    In training a gate is 1 with probability $\theta$, drawn once for each batch, or
    else 0; its gradient is passed straight through to $\theta$, which is held in
    [0.001, 0.999]. A Beta prior adds to the loss

    $$ -\lambda \sum_g \left((a - 1) \log \theta_g + (b - 1) \log(1 - \theta_g)\right). $$

    - $a = b = 1$, Dropout++: nothing is added, the rates of dropout are learned. At
      inference the weights are multiplied by $\theta$.
    - $a, b < 1$, architecture learning: $\theta$ is drawn to 0 or 1. At inference gates
      with $\theta < 1/2$ are closed, and the others $\theta$.

    Unlike `keras.layers.Dropout`, kept weights are not scaled up in training. Not
    gained: a smaller network by Dropout++, which closes nothing.

    Args:
        groups: What a gate stands for, as in `tfcompress.kernels.HardConcrete`:
            `"input"`, `"output"` or `"weight"`.
        strength: Float $\lambda \ge 0$: one over the number of training examples, for
            the prior as it stands.
        alpha: Float $a > 0$.
        beta: Float $b > 0$; smaller $a$ than $b$ closes more gates.
        drop_rate: Float in (0, 0.9), that with which training begins.
        seed: Integer or None.

    Raises:
        ValueError: If an argument is not as above.

    Example:

    >>> kernel = tfc.kernels.GeneralizedDropout(strength=1e-4, alpha=0.5, beta=0.9)
    >>> kernel.build((4, 5))
    >>> _ = kernel.gate.assign([[0.9, 0.2, 0.7, 0.4, 1.0]])
    >>> kernel.sparsity()  # two of five units
    0.4

    References:
        - [Srinivas and Babu, 2016](https://arxiv.org/abs/1611.06791)
    """

    limits = (SMALLEST, 1 - SMALLEST)

    def __init__(
        self,
        *,
        groups="output",
        strength,
        alpha=1.0,
        beta=1.0,
        drop_rate=0.2,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            groups=groups, strength=strength, drop_rate=drop_rate, seed=seed, **kwargs
        )
        self.alpha = _checks.number("alpha", alpha, low=0, open_low=True)
        self.beta = _checks.number("beta", beta, low=0, open_low=True)

    def start_of_gates(self):
        return 1 - self.drop_rate

    def sampled(self, gate, uniform):
        drawn = ops.cast(uniform < gate, "float32")
        return gate + ops.stop_gradient(drawn - gate)

    def settled(self, gate):
        gate = ops.convert_to_tensor(gate)
        if self.alpha >= 1 or self.beta >= 1:
            return gate
        return ops.where(gate < 0.5, 0.0, gate)

    def penalty(self, gate):
        opened, closed = ops.log(gate), ops.log(1.0 - gate)
        prior = (self.alpha - 1) * opened + (self.beta - 1) * closed
        return -self.strength * ops.sum(prior)

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha, "beta": self.beta}
