import numpy as np
import pytest

from tfcompress.ops import circulant


def matrix_of(row):
    return row[circulant.circulant_index(len(row))]


@pytest.mark.parametrize("size", [1, 2, 7, 8])
@pytest.mark.parametrize(
    "product", [circulant.multiply_by_fft, circulant.multiply_by_waves]
)
def test_product_is_that_of_the_matrices(product, size, rng):
    x = rng.normal(size=(5, 4, 3, size)).astype("float32")
    rows = rng.normal(size=(3, 2, size)).astype("float32")
    expected = sum(
        np.einsum(
            "abi,qij->abqj", x[:, :, p], np.stack([matrix_of(r) for r in rows[p]])
        )
        for p in range(3)
    )
    np.testing.assert_allclose(product(x, rows), expected, atol=1e-5)


def test_nearest_circulant_matrix_is_a_projection(rng):
    block = rng.normal(size=(5, 5))
    rest = block - matrix_of(circulant.circulant_rows(block))
    for k in range(5):  # orthogonal to every circulant matrix
        assert np.sum(rest * matrix_of(np.eye(5)[k])) == pytest.approx(0, abs=1e-12)


def test_nearest_toeplitz_matrix_of_one_is_itself():
    t = np.arange(8.0)
    matrix = np.array([[t[j - i + 3] for j in range(5)] for i in range(4)])
    assert circulant.toeplitz_diagonals(matrix).tolist() == t.tolist()
