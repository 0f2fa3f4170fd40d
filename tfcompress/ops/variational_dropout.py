"""What multiplicative Gaussian noise on a weight costs, by how strong the noise is."""

from keras import ops

# Of the paper's approximation, fitted to log alpha in [-8, 8].
K1, K2, K3 = 0.63576, 1.87320, 1.48695
LARGEST = 8.0
EPSILON = 1e-8  # of the paper's code, where a weight is zero


def log_alpha(mean, log_variance):
    """Returns the noise over the weight, $\\log(\\sigma^2 / \\theta^2)$, in [-8, 8]."""
    relative = log_variance - ops.log(ops.square(mean) + EPSILON)
    return ops.clip(relative, -LARGEST, LARGEST)


def divergence(log_alpha):
    """Returns the KL divergence from the log-uniform prior, of each weight.

    $-k_1 \\sigma(k_2 + k_3 \\log \\alpha) + \\frac12 \\log(1 + 1/\\alpha) + k_1$: zero
    where all is noise, and the greater the less noise there is.
    """
    saturation = K1 * (1.0 - ops.sigmoid(K2 + K3 * log_alpha))
    return saturation + 0.5 * ops.log1p(ops.exp(-log_alpha))
