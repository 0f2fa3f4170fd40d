import numpy as np
import pytest

from tfcompress.datasets.keras_cache import cached_arrays, cached_file

ARRAYS = {"x": "(2,) float32", "y": "(2,) uint8"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


def test_reads_from_the_home_that_keras_was_given(folder):
    np.savez(folder / "tiny.npz", x=np.float32([1, 2]), y=np.uint8([3, 4]), z=0)

    found = cached_arrays("tiny.npz", ARRAYS, source="here")

    assert list(found) == ["x", "y"]
    assert found["y"].tolist() == [3, 4]


def test_missing_file_says_what_it_must_hold_and_where_that_comes_from(folder):
    with pytest.raises(
        FileNotFoundError,
        match=r"datasets.tiny.npz does not exist.*arrays `x` \(2,\) float32, `y`.*here",
    ):
        cached_arrays("tiny.npz", ARRAYS, source="here")


def test_missing_array_is_named(folder):
    np.savez(folder / "tiny.npz", x=np.float32([1, 2]))

    with pytest.raises(ValueError, match="tiny.npz lacks `y`. It must hold"):
        cached_arrays("tiny.npz", ARRAYS, source="here")


@pytest.mark.parametrize("share", [0, 0.5])
def test_a_file_that_was_cut_off_is_named_with_what_to_do(folder, share):
    path = folder / "tiny.npz"
    np.savez(path, x=np.float32([1, 2]), y=np.uint8([3, 4]))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])

    with pytest.raises(ValueError, match=r"tiny\.npz is not a whole.*copy it again"):
        cached_arrays("tiny.npz", ARRAYS, source="here")


def test_without_keras_home_it_is_the_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"{tmp_path}/.keras/datasets/a.txt"):
        cached_file("a.txt", holds="text", source="here")
