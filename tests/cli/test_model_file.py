import h5py
import keras
import pytest

from tfcompress.cli.model_file import check_target, load_model, save_model


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_model_comes_back(files, name):
    assert load_model(files / name).count_params() == 6 * 8 + 8 + 8 * 3 + 3


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file .*none\.keras"):
        load_model(tmp_path / "none.keras")


@pytest.mark.parametrize("name", ["model.keras", "model.tflite", "model"])
def test_file_that_is_no_model_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"not what it claims")
    with pytest.raises(ValueError, match=r"a model that Keras can load .*" + name):
        load_model(path)


def test_file_of_keras_2_is_loaded(files):
    model = load_model(files / "model.keras")
    with h5py.File(files / "model.h5", "a") as file:
        file.attrs["keras_version"] = "2.15.0"
        text = file.attrs["model_config"]
        file.attrs["model_config"] = text.replace("batch_shape", "batch_input_shape")
    loaded = load_model(files / "model.h5")
    pairs = zip(loaded.get_weights(), model.get_weights(), strict=True)
    assert all((a == b).all() for a, b in pairs)


def test_file_of_keras_2_that_keras_3_has_no_layer_for_says_which(files):
    with h5py.File(files / "model.h5", "a") as file:
        file.attrs["keras_version"] = "2.15.0"
        config = file.attrs["model_config"].replace('"Dense"', '"TFOpLambda"')
        file.attrs["model_config"] = config
    with pytest.raises(ValueError, match=r"by Keras 2\.15\.0.*Layer 'hidden'"):
        load_model(files / "model.h5")


def test_size_is_that_of_the_disk(files):
    size = save_model(load_model(files / "model.keras"), files / "new.keras")
    assert size == (files / "new.keras").stat().st_size
    assert keras.models.load_model(files / "new.keras").count_params() == 83


def test_file_is_whole_or_not_there(files, monkeypatch):
    model = load_model(files / "model.keras")
    monkeypatch.setattr(model, "get_config", None)  # saving fails half-way
    before = (files / "student.keras").read_bytes()
    with pytest.raises(TypeError):
        save_model(model, files / "student.keras")
    assert (files / "student.keras").read_bytes() == before
    assert not [path for path in files.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", ["model.h5", "model", "model.tflite"])
def test_only_keras_files_are_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"must end in '\.keras'"):
        check_target(tmp_path / name)
