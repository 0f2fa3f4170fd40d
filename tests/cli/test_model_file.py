import keras
import pytest

from tfcompress.cli.model_file import load_model


def test_model_comes_back(tmp_path):
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]).save(path)
    assert load_model(path).count_params() == 9


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file .*none\.keras"):
        load_model(tmp_path / "none.keras")


@pytest.mark.parametrize("name", ["model.keras", "model.tflite", "model"])
def test_file_that_is_no_model_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"not what it claims")
    with pytest.raises(ValueError, match=f"{name} must be a model that Keras can load"):
        load_model(path)
