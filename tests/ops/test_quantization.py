import numpy as np
import pytest
from keras import ops

from tfcompress.ops import quantization


@pytest.mark.parametrize(("bits", "q"), [(2, 1), (3, 3), (8, 127)])
def test_greatest_number_leaves_out_the_least_negative_one(bits, q):
    assert quantization.greatest(bits) == q


def test_step_of_zero_gives_zeros():
    x = ops.array([[0.0, 1.0]])
    step = ops.array([[0.0, 1.0]])
    assert quantization.symmetric(x, step, 4).numpy().tolist() == [[0, 1]]
    assert quantization.symmetric_by_size(ops.zeros((2, 2)), (0,), 4).numpy().sum() == 0


def test_zero_is_on_every_asymmetric_grid(rng):
    for low, high in [(-0.3, 1.7), (0.0, 5.1), (-2.2, 0.0)]:
        assert float(quantization.asymmetric(ops.zeros(()), low, high, 3)) == 0


def test_asymmetric_grid_has_its_numbers_and_clips():
    x = ops.array(np.linspace(-5, 5, 1000))
    y = quantization.asymmetric(x, -1.0, 2.0, 2).numpy()
    np.testing.assert_allclose(np.unique(y), [-1, 0, 1, 2])


def test_ends_move_for_the_zero_but_the_grid_has_no_more_numbers():
    # A step of 1 and z = round(1.5) = 2: from -2 to 1.
    x = ops.array([-9.0, -1.4, 0.4, 1.5, 9.0])
    assert quantization.asymmetric(x, -1.5, 1.5, 2).numpy().tolist() == [
        -2,
        -1,
        0,
        1,
        1,
    ]


def test_gradient_of_rounding_passes():
    tf = pytest.importorskip("tensorflow")
    x = tf.constant([0.4, 1.6])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = quantization.round_straight_through(x)
    assert y.numpy().tolist() == [0, 2]
    assert tape.gradient(y, x).numpy().tolist() == [1, 1]
