import numpy as np
import pytest

from tfcompress.array_file import read_arrays


@pytest.fixture
def path(tmp_path, rng):
    np.savez_compressed(tmp_path / "a.npz", a=rng.random((20, 30)), b=np.arange(3))
    return tmp_path / "a.npz"


def test_arrays_come_by_name(path):
    found = read_arrays(path)
    assert list(found) == ["a", "b"]
    assert found["b"].tolist() == [0, 1, 2]


def test_damaged_files_are_refused_whatever_is_damaged(path):
    whole, refused = path.read_bytes(), 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        damaged = bytearray(whole[: random.integers(len(whole))] if seed % 3 else whole)
        for place in random.integers(len(damaged), size=3) if len(damaged) else ():
            damaged[place] ^= 1 + random.integers(255)
        path.write_bytes(damaged)
        try:
            read_arrays(path)
        except ValueError as error:
            refused += str(path) in str(error)
    # A few change what nobody reads, such as the date.
    assert refused > 270


def test_objects_are_refused(path):
    np.savez(path, a=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="not a whole file of arrays: Object arrays"):
        read_arrays(path)


def test_a_missing_file_is_no_damaged_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "none.npz")
