import numpy as np
import pytest
import tensorflow as tf

from tfcompress.kernels.generalized_dropout import GeneralizedDropout


def _built(gates, **options):
    kernel = GeneralizedDropout(strength=0.5, seed=0, groups="output", **options)
    kernel.build((50, len(gates)), initializer="ones")
    kernel.gate.assign([gates])
    return kernel


def test_gates_are_open_as_often_as_they_say():
    kernel = _built([0.2] * 1000 + [0.7] * 1000)
    drawn = np.array(kernel.full(True)[0])
    assert set(np.unique(drawn)) == {0, 1}
    assert drawn[:1000].mean() == pytest.approx(0.2, abs=0.05)
    assert drawn[1000:].mean() == pytest.approx(0.7, abs=0.05)


def test_gradient_passes_straight_through():
    kernel = _built([0.2, 0.7])
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(kernel.full(True) * [[1.0, 3.0]])
    gradient = tape.gradient(total, kernel.gate.value)
    np.testing.assert_allclose(gradient, [[50, 150]])  # 50 inputs, drawn or not


def test_dropout_plus_plus_weighs_and_architecture_learning_decides():
    gates = [0.2, 0.7]
    np.testing.assert_allclose(_built(gates).full()[0], gates)
    learned = _built(gates, alpha=0.5, beta=0.5)
    np.testing.assert_allclose(learned.full()[0], [0, 0.7])
    assert learned.sparsity() == 0.5


def test_a_prior_that_draws_to_one_side_only_closes_nothing():
    gates = [0.2, 0.7]
    np.testing.assert_allclose(_built(gates, alpha=0.5).full()[0], gates)
    np.testing.assert_allclose(_built(gates, beta=0.5).full()[0], gates)


def test_gates_stay_where_the_prior_is_finite():
    held = _built([0.5] * 3).gate.constraint(np.float32([[-1, 0.5, 2]]))
    np.testing.assert_allclose(held, [[0.001, 0.5, 0.999]], rtol=1e-6)


def test_penalty_is_that_of_the_beta_prior():
    kernel = _built([0.2], alpha=0.5, beta=0.8)
    expected = 0.5 * (0.5 * np.log(0.2) + 0.2 * np.log(0.8))
    assert float(kernel.losses[0]) == pytest.approx(expected, rel=1e-5)
    assert float(_built([0.2]).losses[0]) == 0


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_a_prior_has_positive_numbers(name):
    with pytest.raises(ValueError, match=f"`{name}` must be a number in"):
        GeneralizedDropout(strength=1.0, **{name: 0})
