"""A weight whose number of non-zeros is itself in the loss (L0)."""

import math

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.gated import Gated
from tfcompress.ops import hard_concrete


@keras.saving.register_keras_serializable(package="tfcompress")
class HardConcrete(Gated):
    r"""A weight $W = \theta \odot z$ with gates $z$ that learn to be zero.

    In training the gates of a group $g$ are drawn once for each batch,

    $$ s = \sigma\left(\frac{\log u - \log(1 - u) + \log\alpha_g}{\beta}\right), \quad
       z = \min(1, \max(0, s (\zeta - \gamma) + \gamma)) $$

    with $\beta = 2/3$, $\gamma = -0.1$, $\zeta = 1.1$. The loss gains what is expected
    to be left,

    $$ \sum_g P_g \left(\lambda |g| + \frac{d}{2} \lVert \theta_g \rVert^2\right),
       \quad P_g = P(z_g \ne 0)
       = \sigma\left(\log\alpha_g - \beta \log\frac{-\gamma}{\zeta}\right). $$

    At inference $z = \min(1, \max(0, \sigma(\log\alpha) (\zeta - \gamma) + \gamma))$.
    A gate that has closed may open again in training. `tfcompress.fold` makes a plain
    weight of it, with exact zeros.

    Not gained: time or memory in training, which take a little more; a smaller file by
    scattered zeros (`"weight"`), unless it is written sparse. Whole inputs and outputs
    that close can be taken out.

    Args:
        groups: What a gate stands for: `"weight"`, each weight by itself; `"input"`,
            an input unit with all its outgoing weights, a channel that a convolution
            reads, a word of an embedding (last axis but one); `"output"`, a unit with
            its incoming weights, a filter (last axis).
        strength: Float $\lambda \ge 0$, the cost of a weight that is kept. The paper's
            is 0.1 over the number of training examples.
        weight_decay: Float $d \ge 0$; the paper's is 5e-4.
        drop_rate: Float in (0, 0.9), the share of gates that is closed at first, about:
            0.5, and 0.2 for the inputs of a network.
        seed: Integer or None.

    Raises:
        ValueError: If an argument is not as above, or `groups` is not `"weight"` for a
            weight of one axis.

    Example:

    >>> kernel = tfc.kernels.HardConcrete(groups="input", strength=1e-6)
    >>> kernel.build((784, 300))
    >>> _ = kernel.gate.assign(kernel.gate - 8 * (np.arange(784) < 700)[:, None])
    >>> kernel.sparsity()  # 700 of 784
    0.8928571428571429

    References:
        - [Louizos et al., 2018](https://arxiv.org/abs/1712.01312)
    """

    limits = (math.log(1e-2), math.log(1e2))

    def __init__(
        self,
        *,
        groups="weight",
        strength,
        weight_decay=0.0,
        drop_rate=0.5,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            groups=groups, strength=strength, drop_rate=drop_rate, seed=seed, **kwargs
        )
        self.weight_decay = _checks.number("weight_decay", weight_decay, low=0)

    def start_of_gates(self):
        return math.log((1 - self.drop_rate) / self.drop_rate)

    def sampled(self, gate, uniform):
        return hard_concrete.sample(gate, uniform)

    def settled(self, gate):
        return hard_concrete.deterministic(gate)

    def expected_weights(self, gate=None):
        """Returns the number of weights that are not zero, as expected in training."""
        gate = self.gate if gate is None else gate
        return self.group_size * ops.sum(hard_concrete.probability_open(gate))

    def penalty(self, gate):
        loss = self.strength * self.expected_weights(gate)
        if not self.weight_decay:
            return loss
        squares = hard_concrete.probability_open(gate) * ops.square(self.value)
        return loss + 0.5 * self.weight_decay * ops.sum(squares)

    def get_config(self):
        return {**super().get_config(), "weight_decay": self.weight_decay}
