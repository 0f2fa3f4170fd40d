import numpy as np
import pytest

from tfcompress.dictionaries.sketch import Sketch


def test_each_input_is_in_one_atom_with_a_sign():
    atoms = Sketch(seed=3).atoms((200,), 8)
    assert np.count_nonzero(atoms, axis=1).tolist() == [1] * 200
    assert set(atoms[atoms != 0]) == {-1.0, 1.0}


def test_inner_products_are_kept_in_the_mean(rng):
    x, y = rng.normal(size=(2, 64))
    kept = [
        np.dot(x @ a, y @ a) for a in (Sketch(s).atoms((64,), 16) for s in range(999))
    ]
    assert np.mean(kept) == pytest.approx(np.dot(x, y), abs=4 * np.std(kept) / 31)
