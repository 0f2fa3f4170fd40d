import numpy as np
import pytest

from tfcompress.dictionaries.k_means import KMeans


def test_atoms_are_the_centres_of_what_clusters(rng):
    centres = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.6, 0.8]])
    x = np.repeat(centres, 20, axis=0) * 3 + rng.normal(size=(60, 4)) * 0.01
    atoms = KMeans(x, variance=1.0).atoms((4,), 3).T
    found = atoms[np.argmax(centres @ atoms.T, axis=1)]
    np.testing.assert_allclose(found, centres, atol=0.02)


def test_fewer_rows_than_atoms_are_refused(rng):
    with pytest.raises(ValueError, match="`inputs` must have at least 5 rows"):
        KMeans(rng.normal(size=(4, 6))).atoms((6,), 5)


def test_variance_is_a_share():
    with pytest.raises(ValueError, match="`variance` must be a number in"):
        KMeans(variance=0)
