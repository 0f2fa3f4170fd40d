import numpy as np
import pytest

from tfcompress.dictionaries.cosine import Cosine
from tfcompress.ops.cosine_transform import cosine_matrix


def test_atoms_of_one_axis_are_the_cosine_transform():
    atoms = Cosine().atoms((12,), 12)
    np.testing.assert_allclose(atoms, cosine_matrix(12).T, atol=1e-6)


def test_all_atoms_of_a_grid_are_a_basis():
    atoms = Cosine(grid=(4, 3)).atoms((24,), 24)
    np.testing.assert_allclose(atoms.T @ atoms, np.eye(24), atol=1e-5)


def test_low_frequencies_come_first():
    atoms = Cosine(grid=(8, 8)).atoms((64,), 3).reshape(8, 8, 3)
    changes = (np.diff(np.sign(atoms), axis=0) != 0).sum(axis=(0, 1)) + (
        np.diff(np.sign(atoms), axis=1) != 0
    ).sum(axis=(0, 1))
    assert changes.tolist() == [0, 8, 8]  # flat, then half a wave along each axis


def test_phases_stay_exact_for_long_axes():
    atoms = Cosine().atoms((5000,), 4000)
    np.testing.assert_allclose(np.linalg.norm(atoms, axis=0), 1, atol=1e-4)


def test_an_axis_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="axes of at most 32767"):
        Cosine().atoms((40_000,), 3)


def test_a_grid_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="`grid` must have a number of points"):
        Cosine(grid=7).atoms((30,), 3)
