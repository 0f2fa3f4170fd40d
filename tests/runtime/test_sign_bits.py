import numpy as np
import pytest

from tfcompress.runtime.sign_bits import has_numba, pack_signs

ENGINES = [
    False,
    pytest.param(True, marks=pytest.mark.skipif(not has_numba(), reason="no numba")),
]


@pytest.mark.parametrize("numba", ENGINES)
def test_zero_is_plus_one_and_words_are_filled_up(numba):
    zeros = np.zeros((2, 65), "float32")
    assert pack_signs(zeros, numba=numba).tolist() == [[2**64 - 1, 1]] * 2


@pytest.mark.parametrize("numba", ENGINES)
@pytest.mark.parametrize("width", [1, 5, 63, 64, 65, 127, 128, 200])
def test_each_number_has_the_bit_of_its_place(width, numba, rng):
    x = rng.choice([1.5, -1.5, 0.0, -0.0, np.inf, -np.inf, np.nan], (3, width))
    words = pack_signs(x.astype("float32"), numba=numba)
    values = [sum(int(v >= 0) << j for j, v in enumerate(row)) for row in x]
    expected = [[v >> k & 2**64 - 1 for k in range(0, width, 64)] for v in values]
    assert words.tolist() == expected


def test_any_array_has_its_signs_packed(rng):
    x = rng.normal(size=(2, 3, 70)).astype("float32")
    words = pack_signs(x)
    assert words.shape == (2, 3, 2)
    for same in (x.astype("float64"), np.asfortranarray(x), x.tolist()):
        np.testing.assert_array_equal(pack_signs(same), words)
    np.testing.assert_array_equal(pack_signs(x[1, 2]), words[1, 2])
    assert pack_signs(x[:0]).shape == (0, 3, 2)


def test_a_single_number_is_refused():
    with pytest.raises(ValueError, match="`x` must have an axis of signs"):
        pack_signs(1.0)


def test_texts_are_refused():
    with pytest.raises(TypeError, match="`x` must be numbers"):
        pack_signs(["a"])


def test_an_engine_that_is_neither_is_refused():
    with pytest.raises(TypeError, match="`numba` must be True or False"):
        pack_signs([1.0], numba="yes")
