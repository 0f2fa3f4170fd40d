import pytest

from tfcompress.dictionaries.random import Random


def test_atoms_have_length_one_in_the_mean():
    atoms = Random(seed=1).atoms((500,), 200)
    assert (atoms**2).sum(axis=0).mean() == pytest.approx(1, rel=0.01)


def test_seed_is_drawn_and_kept():
    first, second = Random(), Random()
    assert first.seed != second.seed
    assert first.get_config() == {"seed": first.seed}


def test_bad_seed_is_refused():
    with pytest.raises(ValueError, match="`seed` must be an integer in"):
        Random(seed=-1)
