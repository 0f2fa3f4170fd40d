import itertools

import numpy as np
import pytest
from scipy import integrate, stats

from tfcompress.ops import variational_dropout


def exact_divergence(log_alpha):
    """E log|1 + sqrt(alpha) n| - log(alpha) / 2, and what makes it 0 at infinity."""
    deviation = np.exp(log_alpha / 2)

    def integrand(noise):
        return stats.norm.pdf(noise) * np.log(np.abs(1 + deviation * noise))

    # The logarithm has its pole at -1 / deviation.
    pole = -1 / deviation
    ends = sorted({-12.0, 12.0, min(max(pole, -12.0), 12.0)})
    parts = [
        integrate.quad(integrand, *part, limit=500)[0]
        for part in itertools.pairwise(ends)
    ]
    return sum(parts) - log_alpha / 2 + (np.euler_gamma + np.log(2)) / 2


@pytest.mark.parametrize("log_alpha", np.linspace(-8, 8, 17))
def test_approximation_is_near_the_integral(log_alpha):
    approximate = float(variational_dropout.divergence(log_alpha))
    assert approximate == pytest.approx(exact_divergence(log_alpha), abs=0.01)


def test_more_noise_costs_less_and_never_less_than_nothing():
    costs = np.array(variational_dropout.divergence(np.linspace(-8.0, 8.0, 100)))
    assert (np.diff(costs) < 0).all()
    assert costs[-1] > 0


def test_log_alpha_is_the_noise_over_the_weight_within_bounds():
    alphas = variational_dropout.log_alpha(
        np.array([2.0, 0.0, 1.0]), np.array([0.0, 0.0, -9.0])
    )
    np.testing.assert_allclose(alphas, [-np.log(4), 8, -8], rtol=1e-6)
