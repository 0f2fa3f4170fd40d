import numpy as np
import pytest
from scipy import stats

from tfcompress.ops.mixture import Mixture, log_likelihood


def test_likelihood_is_that_of_the_normal_distributions(rng):
    x = rng.normal(size=(3, 4)).astype("float32")
    shares, means, deviations = [0.7, 0.3], [0.0, 1.0], [0.1, 0.5]
    expected = sum(
        share * stats.norm.pdf(x, mean, deviation)
        for share, mean, deviation in zip(shares, means, deviations, strict=True)
    )
    parts = (
        np.array(v, "float32") for v in (means, np.log(deviations), np.log(shares))
    )
    np.testing.assert_allclose(log_likelihood(x, *parts), np.log(expected), rtol=1e-4)


def test_close_components_become_one_and_zero_stays_zero():
    mixture = Mixture(
        np.array([0.0, 0.01, 1.0, 1.02, 5.0]), np.log([0.1] * 5), np.log([0.2] * 5)
    )
    merged = mixture.merged(0.1)
    np.testing.assert_allclose(merged.means, [0, 1.01, 5])
    np.testing.assert_allclose(np.exp(merged.log_shares), [0.4, 0.4, 0.2])


def test_entries_go_to_their_most_likely_component():
    mixture = Mixture(np.array([0.0, 1.0]), np.log([0.1, 0.1]), np.log([0.9, 0.1]))
    # Equal at 0.5 + 0.01 ln 9.
    index = mixture.most_likely(np.array([0.51, 0.53]))
    assert index.tolist() == [0, 1]
    assert pytest.approx(0.522, abs=1e-3) == 0.5 + 0.01 * np.log(9)
