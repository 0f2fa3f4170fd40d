import numpy as np
import pytest

from tfcompress.datasets.speech_commands import FILE, speech_commands


@pytest.fixture
def dataset(tmp_path, monkeypatch, rng):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    arrays = {"labels": np.array(["down", "left", "right", "up", "yes"])}
    for part, size in {"train": 40, "val": 3, "test": 2}.items():
        frames = rng.normal(-15, 30, size=(size, 49, 10))
        arrays[f"x_{part}"] = frames.astype("float16")
        arrays[f"y_{part}"] = np.arange(size, dtype="uint8") % 5
    np.savez(tmp_path / "datasets" / FILE, **arrays)
    return speech_commands()


def test_each_coefficient_has_mean_0_and_deviation_1_in_the_training_part(dataset):
    np.testing.assert_allclose(dataset.x_train.mean((0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(dataset.x_train.std((0, 1)), 1, atol=1e-5)
    assert dataset.x_train.dtype == np.float32


def test_the_authors_validation_part_is_kept_apart(dataset):
    assert dataset.x_validation.shape == (3, 49, 10)
    assert dataset.y_validation.tolist() == [0, 1, 2]
    assert dataset.classes[4] == "yes"


def test_missing_file_is_named_with_the_licence_of_its_contents(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"{FILE} does not exist.*CC BY 4.0"):
        speech_commands()
