import numpy as np
import pytest

from tfcompress.runtime.sign_bits import has_numba, pack_signs, sign_product

ENGINES = [
    False,
    pytest.param(True, marks=pytest.mark.skipif(not has_numba(), reason="no numba")),
]


@pytest.mark.parametrize("numba", ENGINES)
@pytest.mark.parametrize("width", [1, 63, 64, 65, 200])
def test_product_is_that_of_the_signs(width, numba, rng):
    x, w = rng.normal(size=(5, width)), rng.normal(size=(width, 70))
    y = sign_product(pack_signs(x), pack_signs(w.T), width, numba=numba)
    np.testing.assert_array_equal(y, np.sign(x) @ np.sign(w))


def test_zero_is_plus_one_and_words_are_filled_up():
    assert pack_signs(np.zeros((2, 65))).tolist() == [[2**64 - 1, 1]] * 2
