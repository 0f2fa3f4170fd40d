import numpy as np
import pytest

from tfcompress.dictionaries.covariance import Covariance
from tfcompress.ops.observed_inputs import ObservedInputs


def test_no_other_atoms_hold_more_of_the_inputs(rng):
    x = rng.normal(size=(80, 6)) @ rng.normal(size=(6, 6))
    values = np.linalg.svd(x, compute_uv=False)
    atoms = Covariance(x).atoms((6,), 2)
    missed = np.linalg.norm(x - x @ atoms @ atoms.T)
    assert missed == pytest.approx(np.linalg.norm(values[2:]), rel=1e-4)


def test_of_look_ups_it_is_the_most_frequent():
    seen = ObservedInputs(4, indexed=True)
    seen.add(np.array([2, 2, 2, 0, 0, 1]))
    assert Covariance().given(seen).atoms((4,), 2).T.tolist() == [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
    ]
