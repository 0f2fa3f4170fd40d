import numpy as np

from tfcompress.kernels.full import Full


def test_full_is_the_variable_itself():
    kernel = Full()
    kernel.build((2, 2))
    assert kernel.encode([[1.0, 2.0], [3.0, 4.0]]) == 0
    np.testing.assert_array_equal(kernel.full(), kernel.value)
