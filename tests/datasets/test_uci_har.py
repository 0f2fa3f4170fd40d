import numpy as np
import pytest

from tfcompress.datasets.uci_har import FILE, uci_har


def test_labels_name_the_activities(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    x, y = np.full((2, 265), -1, "float32"), np.array([5, 0], "uint8")
    np.savez(tmp_path / "datasets" / FILE, x_train=x, y_train=y, x_test=x, y_test=y)

    data = uci_har()

    assert data.y_train.dtype == np.int32
    assert [data.classes[label] for label in data.y_train] == ["laying", "walking"]


def test_missing_file_is_named_with_the_limits_of_its_use(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"{FILE} does .* no commercial use"):
        uci_har()
