import numpy as np
import pytest

from tfcompress.datasets.cifar10_subset import FILE, cifar10_subset


def test_bytes_become_floats_from_0_to_1_and_labels_a_vector(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    images = np.full((2, 32, 32, 3), 51, "uint8")
    labels = np.array([[9], [0]], "uint8")
    parts = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    np.savez(tmp_path / "datasets" / FILE, **parts)

    data = cifar10_subset()

    np.testing.assert_allclose(data.x_test, np.full((2, 32, 32, 3), 0.2))
    assert [data.classes[label] for label in data.y_train] == ["truck", "airplane"]


def test_missing_file_is_named_with_its_source(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"{FILE} does not exist.*from JPEG"):
        cifar10_subset()
