import numpy as np
import pytest

from tfcompress.ops import cosine_transform as transform


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_waves_are_orthonormal(size):
    waves = transform.cosine_matrix(size)
    np.testing.assert_allclose(waves @ waves.T, np.eye(size), atol=1e-6)


@pytest.mark.parametrize("shape", [(3, 3, 4, 5), (5, 2, 3), (2, 3, 4, 2, 2), (4, 5)])
def test_there_and_back_is_the_same(shape, rng):
    array = rng.normal(size=shape).astype("float32")
    there = transform.to_frequencies(array)
    assert np.linalg.norm(there) == pytest.approx(np.linalg.norm(array), rel=1e-5)
    np.testing.assert_allclose(transform.from_frequencies(there), array, atol=1e-5)


def test_a_flat_filter_has_frequency_zero_only():
    there = transform.to_frequencies(np.ones((3, 3, 1, 1), "float32"))
    assert there[0, 0, 0, 0] == pytest.approx(3.0)
    assert np.abs(there).sum() == pytest.approx(3.0, abs=1e-5)


@pytest.mark.parametrize("budget", [5, 6, 17, 50, 143, 144])
def test_budget_is_spent_exactly_within_its_bounds(budget):
    sizes = np.bincount(transform.bands((3, 3))) * 16
    counts = transform.share_budget(sizes, budget, a=0.25, b=2.5)
    assert counts.sum() == budget
    assert (counts >= 1).all()
    assert (counts <= sizes).all()


def test_low_frequencies_share_less():
    sizes = np.full(5, 100)
    counts = transform.share_budget(sizes, 100, a=0.25, b=2.5)
    assert (np.diff(counts) < 0).all()
