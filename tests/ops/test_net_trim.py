import numpy as np
import pytest

from tfcompress.ops.net_trim import discrepancy, net_trim_layer


@pytest.fixture
def problem(rng):
    inputs = np.maximum(rng.normal(size=(200, 20)), 0)
    return inputs, rng.normal(size=(20, 10))


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("epsilon", [0.02, 0.1, 0.3])
def test_outputs_change_by_no_more_than_epsilon(relu, epsilon, problem):
    inputs, weights = problem

    sparse = net_trim_layer(inputs, weights, epsilon=epsilon, relu=relu)

    assert discrepancy(inputs, weights, sparse, relu=relu) <= 1.03 * epsilon


@pytest.mark.parametrize("relu", [True, False])
def test_norm_falls_as_more_is_allowed(relu, problem):
    inputs, weights = problem

    norms = [
        np.abs(net_trim_layer(inputs, weights, epsilon=epsilon, relu=relu)).sum()
        for epsilon in (0.02, 0.1, 0.3)
    ]

    assert np.abs(weights).sum() > norms[0] > norms[1] > norms[2]


def test_rectified_outputs_leave_more_freedom_than_linear_ones(problem):
    inputs, weights = problem

    relu, linear = (
        np.abs(net_trim_layer(inputs, weights, epsilon=0.1, relu=relu)).sum()
        for relu in (True, False)
    )

    assert relu < linear


def test_of_two_equal_inputs_the_louder_one_carries_the_output():
    inputs = np.random.default_rng(0).normal(size=(50, 1)) * [[1.0, 0.5]]

    sparse = net_trim_layer(
        inputs, np.array([[1.0], [2.0]]), epsilon=0.01, relu=False, iterations=1000
    )

    # The least norm that keeps 1.98 of the output 2.
    np.testing.assert_allclose(sparse, [[1.98], [0]], atol=0.01)


def test_least_norm_is_that_of_a_linear_programme(rng):
    """With outputs that must be met exactly it is basis pursuit, which linprog solves."""
    import scipy.optimize

    inputs, weights = rng.normal(size=(5, 12)), rng.normal(size=(12, 1))
    both = np.concatenate([inputs, -inputs], axis=1)
    best = scipy.optimize.linprog(np.ones(24), A_eq=both, b_eq=inputs @ weights[:, 0])

    sparse = net_trim_layer(inputs, weights, epsilon=1e-6, relu=False, iterations=5000)

    np.testing.assert_allclose(np.abs(sparse).sum(), best.fun, rtol=1e-3)
    assert np.count_nonzero(np.abs(sparse) > 1e-3) <= 5


def test_what_is_not_penalised_stays(problem):
    inputs, weights = problem
    inputs = np.concatenate([inputs, np.ones((200, 1))], axis=1)
    weights = np.concatenate([weights, np.full((1, 10), 3.0)])
    penalised = np.arange(21) < 20

    free = net_trim_layer(inputs, weights, epsilon=0.5, relu=False, penalised=penalised)

    assert np.all(free[20] != 0)
    assert np.mean(free[:20] == 0) > 0.3


def test_zero_weights_stay_zero(problem):
    inputs, _ = problem

    sparse = net_trim_layer(inputs, np.zeros((20, 3)), epsilon=0.1, relu=True)

    assert not sparse.any()
    assert discrepancy(inputs, np.zeros((20, 3)), sparse, relu=True) == 0.0
