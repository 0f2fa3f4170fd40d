import numpy as np
import pytest

from tfcompress.runtime.compiled_sign_product import compiled_sign_product
from tfcompress.runtime.sign_bits import pack_signs


def test_it_is_the_product_of_signs(rng):
    pytest.importorskip("numba")
    x, w = rng.normal(size=(3, 100)), rng.normal(size=(100, 130))
    out = np.empty((3, 130), "float32")
    compiled_sign_product()(pack_signs(x), pack_signs(w.T), 100, out)
    np.testing.assert_array_equal(out, np.sign(x) @ np.sign(w))
