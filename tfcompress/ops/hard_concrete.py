"""Gates that are exactly zero with a probability that has a gradient."""

import math

from keras import ops

# The paper's constants: temperature, and how far beyond [0, 1] a gate is stretched.
BETA = 2 / 3
GAMMA = -0.1
ZETA = 1.1


def sample(log_alpha, uniform):
    """Returns gates in [0, 1] for draws `uniform` in (0, 1), of the same shape.

    $s = \\sigma((\\log u - \\log(1 - u) + \\log \\alpha) / \\beta)$, then
    $z = \\min(1, \\max(0, s (\\zeta - \\gamma) + \\gamma))$.
    """
    noise = ops.log(uniform) - ops.log1p(-uniform)
    return _stretched(ops.sigmoid((noise + log_alpha) / BETA))


def deterministic(log_alpha):
    """Returns the gates that are used once the network is trained."""
    return _stretched(ops.sigmoid(log_alpha))


def probability_open(log_alpha):
    """Returns $P(z \\ne 0) = \\sigma(\\log \\alpha - \\beta \\log(-\\gamma / \\zeta))$."""
    return ops.sigmoid(log_alpha - BETA * math.log(-GAMMA / ZETA))


def _stretched(share):
    return ops.clip(share * (ZETA - GAMMA) + GAMMA, 0.0, 1.0)
