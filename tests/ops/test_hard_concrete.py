import numpy as np
import pytest

from tfcompress.ops import hard_concrete


@pytest.mark.parametrize("log_alpha", [-3.0, -1.0, 0.0, 2.0])
def test_probability_is_the_share_of_samples_that_are_not_zero(log_alpha, rng):
    count = 200_000
    uniform = rng.uniform(1e-6, 1 - 1e-6, size=count).astype("float32")
    gates = np.array(
        hard_concrete.sample(np.full(count, log_alpha, "float32"), uniform)
    )
    expected = float(hard_concrete.probability_open(log_alpha))
    deviation = np.sqrt(expected * (1 - expected) / count)
    assert abs((gates != 0).mean() - expected) < 4 * deviation


def test_probability_by_hand():
    # log(0.1 / 1.1) = -log 11, so at log alpha 0 it is 1 / (1 + 11^(-2/3)).
    expected = 1 / (1 + 11 ** (-2 / 3))
    assert float(hard_concrete.probability_open(0.0)) == pytest.approx(expected)


def test_sample_by_hand():
    # At u = 1/2 the noise is 0: sigmoid(1.5 log alpha), stretched by 1.2 and -0.1.
    log_alpha = np.log([1.0, 4.0, 100.0, 0.01])
    gates = hard_concrete.sample(log_alpha, np.full(4, 0.5))
    np.testing.assert_allclose(gates, [0.5, 1.2 * 8 / 9 - 0.1, 1.0, 0.0], atol=1e-6)


def test_settled_gates_by_hand():
    gates = hard_concrete.deterministic(np.log([1.0, 3.0, 100.0, 1 / 11, 0.01]))
    np.testing.assert_allclose(gates, [0.5, 0.8, 1.0, 0.0, 0.0], atol=1e-6)
