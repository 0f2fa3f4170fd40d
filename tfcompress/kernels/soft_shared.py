"""A weight that learns to gather around a few values."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import mixture

# What is stored is that part of the logarithms of deviations: steps of Adam are as large
# for every number, and these have further to go than the weights.
FASTER = 4.0
LEAST = 1e-3  # deviation over the largest mean: none may become a point


@keras.saving.register_keras_serializable(package="tfcompress")
class SoftShared(Kernel):
    r"""A weight under a mixture of normal distributions that is learned with it.

    While it is trained, a loss is added for each entry of the weight,

    $$ -\tau \sum_w \log \sum_{j=0}^{k} \pi_j\, \mathcal N(w; \mu_j, \sigma_j^2) $$

    with $\mu_0 = 0$ and $\pi_0$ fixed, and all else trained: most entries gather at 0,
    the others around $k$ values (soft weight-sharing). Each weight has a mixture of its
    own, where the paper has one for the network. Begin with a trained weight
    (`tfcompress.convert`), train, then call `snap`: components that say nearly the
    same are merged, and each entry becomes the mean of its most likely component.

    Not gained: anything before `snap`, and after it neither time nor the size of a plain
    file. There are many zeros and few values then, for a sparse file or an archive.
    Training costs `components` exponentials for each entry and step.

    Args:
        components: Number $k$ of values besides 0.
        strength: $\tau$; the tutorial of the paper has 0.003 over the number of
            training examples, for a loss that is a mean over examples. A variable,
            which `tfcompress.callbacks.PenaltySchedule` moves.
        zeros: $\pi_0$, the share of zeros that is expected; the mixture begins with
            about so many.

    Raises:
        ValueError: If an argument is out of range, or if the host has a constraint.

    Example:

    >>> kernel = tfc.kernels.SoftShared(components=2, zeros=0.25)
    >>> kernel.build((1, 4))
    >>> _ = kernel.encode([[0.001, -1.0, 1.0, 0.99]])
    >>> kernel.snap()  # the values that are left: 0, -1 and 1
    3
    >>> kernel.full().numpy().astype(float).round(2).tolist()
    [[0.0, -1.0, 1.0, 1.0]]

    References:
        - [Ullrich et al., 2017](https://arxiv.org/abs/1702.04008)
    """

    def __init__(self, *, components=16, strength=5e-8, zeros=0.99, **kwargs):
        super().__init__(**kwargs)
        self.components = _checks.integer("components", components, low=2, high=255)
        self._initial_strength = _checks.number("strength", strength, low=0)
        self.strength = self._initial_strength
        self.zeros = _checks.number(
            "zeros", zeros, low=0, high=1, open_low=True, open_high=True
        )

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        # Before the weight, whose regularizer reads them.
        options = {"initializer": "zeros", "autocast": False}
        count = self.components
        start = keras.initializers.Constant(self._initial_strength)
        self.strength = self.add_weight(
            name="strength", initializer=start, trainable=False, autocast=False
        )
        self.means = self.add_weight(name="means", shape=(count,), **options)
        self.log_deviations = self.add_weight(
            name="log_deviations", shape=(count + 1,), **options
        )
        self.log_shares = self.add_weight(name="log_shares", shape=(count,), **options)
        self.value = self.add_weight(
            name="value",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=_Sum(self._complexity, keras.regularizers.get(regularizer)),
            autocast=False,
        )
        # A first guess for weights of about the size of Glorot's.
        fan = self.shape[-1] + math.prod(self.shape[:-1])
        size = math.sqrt(6 / fan)
        self._begin(size, size * self.zeros)

    def full(self, training=None):
        return ops.cast(self.value, self.compute_dtype)

    def start(self, array):
        self.value.assign(array)
        sizes = np.abs(array)
        bulk = np.quantile(sizes, self.zeros, method="lower")
        self._begin(float(sizes.max()) or 1.0, float(bulk))

    def snap(self, closeness=0.1):
        """Gives each entry the mean of its most likely component; returns their number.

        Args:
            closeness: Components whose symmetric Kullback-Leibler divergence is below
                it are merged first.
        """
        parts = mixture.Mixture(*(ops.convert_to_numpy(t) for t in self._mixture()))
        parts = parts.merged(_checks.number("closeness", closeness, low=0))
        array = ops.convert_to_numpy(self.value)
        means = parts.means[parts.most_likely(array)]
        self.value.assign(means)
        return len(np.unique(means))

    def stored_bits(self):
        return 32 * math.prod(self.shape)

    @property
    def prunable(self):
        return [self.value]

    def get_config(self):
        return {
            **super().get_config(),
            "components": self.components,
            "strength": self._initial_strength,
            "zeros": self.zeros,
        }

    def _begin(self, size, bulk):
        # Even, as the paper has them; none at 0, which is a component already.
        half = self.components // 2
        below = np.linspace(-size, -size / max(half, 1), half)
        above = np.linspace(
            size / (self.components - half), size, self.components - half
        )
        self.means.assign(np.concatenate([below, above]))
        # Three deviations of the zeros hold the share that is expected: wider ones
        # would take all, of narrower ones weights near zero would stay beyond.
        deviations = np.full(self.components + 1, size / self.components / 2)
        deviations[0] = max(bulk / 3, size * LEAST)
        self.log_deviations.assign(np.log(deviations) / FASTER)
        self.log_shares.assign(np.zeros(self.components))

    def _mixture(self):
        """Returns means, logarithms of deviations and of shares, 0 first."""
        means = ops.concatenate([ops.zeros((1,)), ops.convert_to_tensor(self.means)])
        shares = ops.log_softmax(ops.convert_to_tensor(self.log_shares))
        first = ops.full((1,), math.log(self.zeros))
        rest = shares + math.log(1 - self.zeros)
        # No component may become a single point, of infinite likelihood.
        size = ops.max(ops.abs(ops.stop_gradient(means))) + 1e-6
        least = ops.log(size * LEAST)
        deviations = FASTER * ops.convert_to_tensor(self.log_deviations)
        deviations = ops.maximum(deviations, least)
        return means, deviations, ops.concatenate([first, rest])

    def _complexity(self, weight):
        return -self.strength * ops.sum(
            mixture.log_likelihood(weight, *self._mixture())
        )


class _Sum:
    """A loss of a weight, and its own regularizer if it has one."""

    def __init__(self, loss, regularizer):
        self.loss = loss
        self.regularizer = regularizer

    def __call__(self, weight):
        own = 0 if self.regularizer is None else self.regularizer(weight)
        return self.loss(weight) + own
