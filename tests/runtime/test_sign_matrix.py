import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfcompress.runtime.sign_bits import has_numba, pack_signs
from tfcompress.runtime.sign_matrix import SignMatrix

ENGINES = [
    False,
    pytest.param(True, marks=pytest.mark.skipif(not has_numba(), reason="no numba")),
]


def _signs(shape, seed):
    return np.random.default_rng(seed).choice([-1.0, 1.0], shape).astype("float32")


@pytest.mark.parametrize("numba", ENGINES)
@settings(max_examples=60, deadline=None)
@given(
    batch=st.integers(0, 9) | st.integers(255, 261),
    width=st.integers(1, 300),
    units=st.integers(1, 40),
    seed=st.integers(0, 99),
)
def test_product_is_that_of_the_signs(numba, batch, width, units, seed):
    x, w = _signs((batch, width), seed), _signs((width, units), seed + 1)
    y = SignMatrix(w, numba=numba).product(pack_signs(x))
    assert y.dtype == "float32"
    np.testing.assert_array_equal(y, x @ w)


@pytest.mark.parametrize("numba", ENGINES)
def test_signs_that_all_agree_or_all_differ_give_the_width(numba):
    matrix = SignMatrix(np.tile([1.0, -1.0], (100_000, 1)), numba=numba)
    y = matrix.product(pack_signs(np.ones((1, 100_000))))
    assert y.tolist() == [[100_000, -100_000]]


def test_bits_are_counted_where_numpy_has_no_count(monkeypatch):
    x, w = _signs((3, 70), 0), _signs((70, 9), 1)
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    y = SignMatrix(w, numba=False).product(pack_signs(x))
    np.testing.assert_array_equal(y, x @ w)


@pytest.mark.parametrize("numba", ENGINES)
@pytest.mark.parametrize(
    "rows",
    [
        pack_signs(np.ones((1, 65))),  # two words, where one of the matrix is
        np.ones((1, 1)),
        np.ones(1, "uint64"),
        np.ones((1, 1, 1), "uint64"),
        [[1.0]],
    ],
)
def test_what_is_not_packed_so_is_refused(rows, numba):
    matrix = SignMatrix(np.ones((64, 3)), numba=numba)
    with pytest.raises(ValueError, match="`rows` must be `pack_signs` of.*64\\)"):
        matrix.product(rows)


def test_what_is_no_matrix_is_refused():
    with pytest.raises(ValueError, match="`signs` must have two axes"):
        SignMatrix(np.ones(3))
