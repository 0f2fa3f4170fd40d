import keras
import numpy as np
import pytest

from tfcompress.ops.hier_prox import hier_prox


def objective(beta, weights, v, u, step, l1):
    near = 0.5 * np.sum((beta - v) ** 2) + 0.5 * np.sum((weights - u) ** 2)
    return near + step * np.linalg.norm(beta) + l1 * np.abs(weights).sum()


def least_objective(v, u, step, hierarchy, l1):
    """By trial of every length of β: the rest then follows for each weight alone."""
    direction = v / np.linalg.norm(v)
    soft = np.sign(u) * np.maximum(np.abs(u) - l1, 0)
    lengths = np.linspace(0, np.linalg.norm(v) + hierarchy * np.abs(u).sum(), 4001)
    return min(
        objective(
            b * direction, np.clip(soft, -hierarchy * b, hierarchy * b), v, u, step, l1
        )
        for b in lengths
    )


@pytest.mark.parametrize("l1", [0.0, 0.3])
@pytest.mark.parametrize("hierarchy", [0.1, 1.0, 10.0])
def test_no_length_of_theta_does_better(hierarchy, l1, rng):
    v, u = rng.normal(size=(3, 2)), rng.normal(size=(3, 4))
    for step in (0.0, 0.7, 3.0):
        theta, weights = hier_prox(v, u, step, hierarchy, l1=l1)
        for j in range(3):
            ours = objective(theta[j].numpy(), weights[j].numpy(), v[j], u[j], step, l1)
            best = least_objective(v[j], u[j], step, hierarchy, l1)
            assert ours <= best + 1e-6  # a finer trial would only come nearer to ours


def test_the_set_at_the_bound_is_that_of_sorted_weights(rng):
    v, u = rng.normal(size=(200, 3)), rng.normal(size=(200, 40))
    theta, _ = hier_prox(v, u, 0.5, 0.3, l1=0.2)

    sizes = -np.sort(-np.abs(u), axis=1) - 0.2
    rises = np.linalg.norm(v, axis=1)[:, None] - 0.5 + 0.3 * np.cumsum(sizes, axis=1)
    lengths = np.maximum(rises, 0) / (1 + np.arange(1, 41) * 0.3**2)
    # The longest of them is that of the set: one weight more or less would shorten it.
    none = np.maximum(np.linalg.norm(v, axis=1) - 0.5, 0)
    longest = np.maximum(lengths.max(axis=1), none)
    np.testing.assert_allclose(np.linalg.norm(theta, axis=1), longest, rtol=1e-5)


def test_hidden_weights_stay_within_their_bound(rng):
    theta, weights = hier_prox(
        rng.normal(size=(50, 3)), 5 * rng.normal(size=(50, 7)), 0.5, 2.0
    )
    bound = 2.0 * np.linalg.norm(theta, axis=1)
    assert (np.abs(weights).max(axis=1) <= bound * (1 + 1e-6)).all()


def test_of_a_linear_model_is_the_group_soft_threshold():
    theta, _ = hier_prox([[3.0, 4.0], [0.3, 0.4]], [[0.0], [0.0]], 2.5, 1.0)
    np.testing.assert_allclose(theta, [[1.5, 2.0], [0.0, 0.0]])


def test_without_a_step_a_pair_within_the_bound_stays_as_it_is():
    theta, weights = hier_prox([[1.0]], [[2.0, -1.5]], 0.0, 2.0)
    assert theta.numpy().tolist() == [[1.0]]
    assert weights.numpy().tolist() == [[2.0, -1.5]]


def test_a_lost_feature_comes_back_where_its_hidden_weights_ask_for_it():
    theta, weights = hier_prox([[0.0, 0.0]], [[2.0]], 0.0, 1.0)  # length (0 + 2) / 2
    np.testing.assert_allclose(theta, [[0.5**0.5, 0.5**0.5]], rtol=1e-6)
    np.testing.assert_allclose(weights, [[1.0]], rtol=1e-6)


def test_a_dead_feature_stays_dead_and_dtypes_are_kept():
    theta, weights = hier_prox(
        keras.ops.zeros((2, 1), "float16"), keras.ops.zeros((2, 3)), 0.1, 10.0
    )
    assert not np.any(theta)
    assert not np.any(weights)
    assert (theta.dtype, weights.dtype) == ("float16", "float32")
