import numpy as np

from tfcompress.kernels.codes import Codes


def test_whole_numbers_times_scale_are_the_weight():
    codes = Codes(np.array([[1, -1]], "int8"), np.array([0.5, 2.0]), 1)
    assert (codes.values * codes.scale).tolist() == [[0.5, -2.0]]
