import numpy as np
import pytest

from tfcompress.runtime.compiled_sign_packing import compiled_sign_packing


def test_the_first_sign_is_the_lowest_bit():
    pytest.importorskip("numba")
    rows = -np.ones((2, 130), "float32")
    rows[0, [0, 65, 129]] = 0
    words = np.full((2, 3), 99, "uint64")
    compiled_sign_packing()(rows, words)
    assert words.tolist() == [[1, 2, 2], [0, 0, 0]]
