import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.input_range import InputRange


def _range(**options):
    one = InputRange(2, **options)
    one.build()
    return one


def test_first_batch_sets_the_range_and_later_ones_move_it():
    one = _range()
    one.round(ops.array([[-1.0, 2.0]]), training=True)
    assert (float(one.low.numpy()), float(one.high.numpy())) == (-1, 2)
    one.round(ops.array([[-2.0, 2.0]]), training=True)
    assert float(one.low.numpy()) == pytest.approx(-1.01)


def test_before_the_first_batch_nothing_is_rounded():
    x = np.array([[0.123, 4.5]], "float32")
    np.testing.assert_array_equal(_range().round(ops.array(x)), x)


def test_learned_end_gets_the_gradient_of_what_it_cuts():
    tf = pytest.importorskip("tensorflow")
    one = _range(learned=True)
    one.round(ops.array([[0.0, 3.0]]), training=True)
    with tf.GradientTape() as tape:
        y = ops.sum(one.round(ops.array([[1.0, 9.0]]), training=True))
    gradient = tape.gradient(y, one.high.value)
    # One number is beyond: 3 steps of (high - low) / 3, times 1 / sqrt(2 * 3).
    assert float(gradient) == pytest.approx(1 / np.sqrt(6), rel=1e-4)
