import numpy as np
from keras import ops

from tfcompress.ops.ternary import ternary


def test_by_hand():
    x = ops.array([[0.9, 0.0], [-0.7, 0.0], [0.1, 2.0]])
    expected = [[0.8, 0], [-0.8, 0], [0, 2]]
    np.testing.assert_allclose(ternary(x, (0,), 0.7), expected, rtol=1e-6)


def test_zeros_are_below_every_threshold():
    # They would lower the scale: 4 / 3.
    x = ops.array([3.0, -1.0, 0.0])
    assert ternary(x, (0,), 0.0).numpy().tolist() == [2, -2, 0]
