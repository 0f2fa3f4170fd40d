import json
import zipfile

import h5py
import keras
import numpy as np
import pytest
from legacy_configs import layer, sequential, source

from tfcompress.interop.load_legacy import load_legacy

ENTRY = sequential(
    source("x", 2),
    layer("LSTM", "lstm", units=1, time_major=False, unit_forget_bias=True),
)


@pytest.fixture
def old(tmp_path):
    """A file as legacy Keras writes it, which Keras 3 does not load itself."""
    entry = json.loads(json.dumps(ENTRY))
    entry["config"]["layers"][0]["config"]["batch_input_shape"] = [None, 1, 2]
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(entry)
        group = file.create_group("model_weights/lstm")
        shapes = {"kernel": (2, 4), "recurrent_kernel": (1, 4), "bias": (4,)}
        for number, (name, shape) in enumerate(shapes.items()):
            group[name] = np.full(shape, number, "float32")
        group.attrs["weight_names"] = [name.encode() for name in shapes]
    return tmp_path / "old.h5"


def refused(path, match):
    with pytest.raises(ValueError, match=match) as caught:
        load_legacy(path)
    assert str(path) in str(caught.value)


def test_a_file_that_keras_3_stumbles_over_is_loaded(old):
    with pytest.raises(ValueError, match="time_major"):
        keras.models.load_model(old)
    # The bias is 2 everywhere, and nothing else counts: s(2) tanh(s(2) tanh(2)).
    gate = 1 / (1 + np.exp(-2.0))
    right = gate * np.tanh(gate * np.tanh(2.0))
    outputs = load_legacy(str(old))(np.ones((1, 1, 2)))
    np.testing.assert_allclose(outputs, [[right]], rtol=1e-6)


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_files_of_keras_3_are_loaded_by_it(tmp_path, name, rng):
    # In their sense of an activation that had other values before.
    dense = keras.layers.Dense(3, activation="hard_sigmoid")
    model = keras.Sequential([keras.Input((2,)), dense])
    model.save(tmp_path / name)
    batch = rng.random((4, 2), "float32")
    np.testing.assert_array_equal(load_legacy(tmp_path / name)(batch), model(batch))


def test_what_keras_3_does_not_have_is_refused_by_layer(old):
    with h5py.File(old, "a") as file:
        text = file.attrs["model_config"].replace('"LSTM"', '"TFOpLambda"')
        file.attrs["model_config"] = text
    refused(
        old, r"written by Keras 2\.15\.0.*Layer 'lstm': it is a TensorFlow operation"
    )


def test_weights_alone_are_refused_with_what_to_do(old):
    with h5py.File(old, "a") as file:
        del file.attrs["model_config"]
    refused(old, r"holds weights alone.*`model\.load_weights\(")


def test_a_layer_larger_than_its_weights_takes_no_memory(old, monkeypatch):
    def take_memory(*args, **options):
        pytest.fail("a variable was made")

    monkeypatch.setattr(keras.initializers.GlorotUniform, "__call__", take_memory)
    with h5py.File(old, "a") as file:
        text = file.attrs["model_config"].replace('"units": 1', '"units": 1000000')
        file.attrs["model_config"] = text
    refused(old, r"Layer 'lstm': its weights have the shapes .*\(1000000, 4000000\)")


def test_metadata_that_grow_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("metadata.json", " " * 100_000)
    refused(tmp_path / "a.keras", r"Its metadata\.json is larger than any")


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_code_in_a_file_of_keras_3_is_refused(tmp_path, name):
    code = keras.layers.Lambda(lambda x: x + 1)
    keras.Sequential([keras.Input((2,)), code]).save(tmp_path / name)
    refused(tmp_path / name, "deserialization of a `Lambda` layer")


def test_what_needs_legacy_keras_is_refused_with_its_call(tmp_path):
    with zipfile.ZipFile(tmp_path / "old.keras", "w") as parts:
        parts.writestr("metadata.json", json.dumps({"keras_version": "2.15.0"}))
    refused(tmp_path / "old.keras", r"Keras 2\.15\.0\. .*tfmot\.from_tf_keras\(path\)`")
    refused(tmp_path, r"a folder, perhaps a SavedModel.*tfmot\.from_tf_keras\(path\)`")


def test_wrappers_are_refused_with_what_takes_them_off(old):
    with h5py.File(old, "a") as file:
        text = file.attrs["model_config"].replace('"LSTM"', '"PruneLowMagnitude"')
        file.attrs["model_config"] = text
    refused(old, r"Layer 'lstm': .*tfmot\.from_tf_keras\(path\)` takes off")


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.tflite", "model"])
def test_what_is_no_model_is_refused_in_one_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"not what it claims")
    with pytest.raises(
        ValueError, match=f"{name} must be a file of a model|`path`"
    ) as it:
        load_legacy(tmp_path / name)
    assert "\n" not in str(it.value)


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_a_file_that_was_cut_off_is_refused_by_its_name(tmp_path, name):
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / name, rf"(cut off|truncated).* Received: path='.*{name}'")


def test_a_missing_file_is_refused(tmp_path):
    refused(tmp_path / "none.keras", r"There is no file .*none\.keras")
    with pytest.raises(TypeError, match="`path` must be a path"):
        load_legacy(3)
