import numpy as np
from keras import ops

from tfcompress.ops.ternary import ternary


def test_by_hand():
    x = ops.array([[0.9, 0.0], [-0.7, 0.0], [0.1, 2.0]])
    expected = [[0.8, 0], [-0.8, 0], [0, 2]]
    np.testing.assert_allclose(ternary(x, (0,), 0.7), expected, rtol=1e-6)
