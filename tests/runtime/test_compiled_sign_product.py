import numpy as np
import pytest

from tfcompress.runtime.compiled_sign_product import compiled_sign_product


@pytest.mark.parametrize("batch", [1, 4, 5])
def test_it_counts_the_bits_that_differ(batch):
    pytest.importorskip("numba")
    rows = np.full((batch, 2), [0b1011, 0], "uint64")
    columns = np.zeros((1, 2, 8), "uint64")
    columns[0, 0, 7] = 0b0111  # differs from the rows in two bits, the others in three
    out = np.empty((batch, 8), "float32")
    compiled_sign_product()(rows, columns, 128, out)
    assert out.tolist() == [[122] * 7 + [124]] * batch


def test_columns_of_other_words_are_refused():
    pytest.importorskip("numba")
    rows, columns = np.zeros((1, 3), "uint64"), np.zeros((1, 2, 8), "uint64")
    with pytest.raises(ValueError, match="rows and columns differ"):
        compiled_sign_product()(rows, columns, 128, np.empty((1, 8), "float32"))
