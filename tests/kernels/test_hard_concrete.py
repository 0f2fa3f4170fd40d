import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.kernels.hard_concrete import HardConcrete
from tfcompress.layers.compressed_dense import CompressedDense


def _built(shape=(4, 3), **options):
    kernel = HardConcrete(**{"strength": 0.5, "seed": 0, **options})
    kernel.build(shape)
    return kernel


def test_expected_weights_are_those_that_samples_keep():
    kernel = _built((20, 30), groups="input")
    kernel.gate.assign(np.linspace(-3, 3, 20)[:, None])
    kept = [np.count_nonzero(kernel.full(training=True)) for _ in range(60)]
    # 20 gates of 30 weights: a deviation of at most 30 sqrt(20) / 2 = 67, 9 in the mean.
    assert float(kernel.expected_weights()) == pytest.approx(np.mean(kept), abs=27)


def test_gradient_of_the_penalty_is_that_of_finite_differences(rng):
    kernel = _built(groups="output", weight_decay=0.3)
    start = rng.normal(size=(1, 3)).astype("float32")
    kernel.gate.assign(start)
    with tf.GradientTape() as tape:
        loss = kernel.losses[0]
    gradient = np.array(tape.gradient(loss, kernel.gate.value))

    def penalty(gate):
        kernel.gate.assign(gate)
        return float(kernel.losses[0])

    for i in range(3):
        step = 1e-2 * np.eye(3)[[i]]
        rise = (penalty(start + step) - penalty(start - step)) / 2e-2
        assert gradient[0, i] == pytest.approx(rise, abs=2e-3)


def test_penalty_by_hand():
    kernel = _built(groups="output", weight_decay=2.0)
    kernel.gate.assign(np.zeros((1, 3)))
    kernel.value.assign(np.ones((4, 3)))
    probability = 1 / (1 + 11 ** (-2 / 3))
    # 12 weights at 0.5 each, and 2.0 / 2 times 12 squares, as far as they are open.
    assert float(kernel.losses[0]) == pytest.approx(probability * (6 + 12), rel=1e-5)


def test_two_calls_of_a_layer_pay_once():
    layer = CompressedDense(3, kernel=HardConcrete(strength=0.5))
    layer(np.ones((2, 4)))
    layer(np.ones((2, 4)), training=True)
    assert len(layer.losses) == 1


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_gates_begin_with_the_drop_rate(rate):
    kernel = _built((100, 100), drop_rate=rate)
    shut = np.mean(keras.ops.sigmoid(-kernel.gate))
    assert shut == pytest.approx(rate, abs=1e-3)


def test_a_gate_stays_where_it_can_still_open():
    kernel = _built(groups="output")
    held = kernel.gate.constraint(keras.ops.convert_to_tensor([[-9.0, 0.0, 9.0]]))
    np.testing.assert_allclose(held, [[np.log(0.01), 0, np.log(100)]], rtol=1e-6)


def test_weight_decay_must_not_be_negative():
    with pytest.raises(ValueError, match="`weight_decay` must be a number in"):
        HardConcrete(strength=1e-3, weight_decay=-1)
