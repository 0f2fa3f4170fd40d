"""Mixtures of normal distributions over the entries of a weight."""

import dataclasses
import math

import numpy as np
from keras import ops


def log_likelihood(x, means, log_deviations, log_shares):
    r"""Returns $\log \sum_j \pi_j \mathcal N(x; \mu_j, \sigma_j^2)$ for each entry of `x`.

    Example:

    >>> from keras import ops
    >>> one = ops.zeros((1,))
    >>> round(float(log_likelihood(ops.zeros(()), one, one, one)), 4)
    -0.9189
    """
    distance = (ops.expand_dims(x, -1) - means) * ops.exp(-log_deviations)
    constants = log_shares - log_deviations - 0.5 * math.log(2 * math.pi)
    return ops.logsumexp(constants - 0.5 * ops.square(distance), axis=-1)


@dataclasses.dataclass(frozen=True)
class Mixture:
    """The components of a mixture in numpy, the first with the fixed mean 0.

    Args:
        means: Array of the means.
        log_deviations: Array of the logarithms of the standard deviations.
        log_shares: Array of the logarithms of the shares.
    """

    means: np.ndarray
    log_deviations: np.ndarray
    log_shares: np.ndarray

    def most_likely(self, x) -> np.ndarray:
        """Returns the index of the component that each entry most likely is of."""
        best = np.full(x.shape, -np.inf)
        index = np.zeros(x.shape, "int64")
        # One after the other: all at once would be as many arrays as components.
        parts = zip(self.means, self.log_deviations, self.log_shares, strict=True)
        for j, (mean, deviation, share) in enumerate(parts):
            score = share - deviation - 0.5 * ((x - mean) * np.exp(-deviation)) ** 2
            index = np.where(score > best, j, index)
            best = np.maximum(best, score)
        return index

    def merged(self, closeness) -> "Mixture":
        """Returns the mixture with pairs that are closer than `closeness` made one.

        The share of both is the sum, mean and variance are the average by shares; what
        merges with the first takes its mean 0.
        """
        means, deviations = list(self.means), list(np.exp(self.log_deviations))
        shares = list(np.exp(self.log_shares))
        while len(means) > 1:
            distance, i, j = min(
                (_divergence(means[i], deviations[i], means[j], deviations[j]), i, j)
                for i in range(len(means))
                for j in range(i + 1, len(means))
            )
            if distance >= closeness:
                break
            total = shares[i] + shares[j]
            a, b = shares[i] / total, shares[j] / total
            mean = a * means[i] + b * means[j]
            variance = a * deviations[i] ** 2 + b * deviations[j] ** 2
            means[i] = mean if i else 0.0
            deviations[i], shares[i] = math.sqrt(variance), total
            for values in (means, deviations, shares):
                del values[j]
        return Mixture(np.array(means), np.log(deviations), np.log(shares))


def _divergence(mean, deviation, other_mean, other_deviation):
    """The symmetric Kullback-Leibler divergence of two normal distributions."""
    first, second = deviation**2, other_deviation**2
    apart = (mean - other_mean) ** 2
    return 0.25 * ((first + apart) / second + (second + apart) / first - 2)
