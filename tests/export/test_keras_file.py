import json
import zipfile

import keras
import numpy as np
import pytest

from tfcompress.export.keras_file import Folder, Saved


def test_what_is_saved_makes_the_same_file_again(mlp, tmp_path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "folder").mkdir()
    saved = Saved(mlp, tmp_path / "saved")
    folder = Folder(tmp_path / "folder", saved.contents)
    with folder.weights() as add:
        for tensor, array in zip(saved.contents.tensors, saved.arrays(), strict=True):
            add(tensor, array)
    folder.to_file(tmp_path / "again.keras")
    x = np.ones((1, 32), "f4")
    again = keras.models.load_model(tmp_path / "again.keras")
    np.testing.assert_array_equal(again(x), mlp(x))
    np.testing.assert_array_equal(folder.load(None, True)(x), mlp(x))
    with zipfile.ZipFile(tmp_path / "again.keras") as parts:
        assert json.loads(parts.read("metadata.json"))["keras_version"]


def test_weights_have_the_names_that_the_user_gave(tmp_path):
    inner = [
        keras.layers.Dense(2, name="fc"),
        keras.layers.BatchNormalization(name="n"),
    ]
    inner = keras.Sequential([keras.Input((3, 2)), *inner], name="inner")
    cells = keras.layers.Bidirectional(keras.layers.LSTM(2), name="both")
    model = keras.Sequential([keras.Input((3, 2)), inner, cells])
    saved = Saved(model, tmp_path)
    shapes = dict(
        zip(saved.names, [t.shape for t in saved.contents.tensors], strict=True)
    )
    assert len(shapes) == len(model.weights)
    assert shapes["inner/fc/kernel"] == (2, 2)
    assert shapes["inner/n/moving_variance"] == (2,)
    recurrent = [n for n in shapes if n.startswith("both/") and "recurrent_kernel" in n]
    assert [shapes[name] for name in recurrent] == [(2, 8), (2, 8)]


def test_optimizer_and_compile_are_left_out(pair, tmp_path):
    pair.compile("adam", "mse")
    pair.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    contents = Saved(pair, tmp_path).contents
    assert len(contents.tensors) == 2
    assert contents.config["compile_config"] is None


def test_what_changes_from_run_to_run_is_left_out(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    keras.config.set_dtype_policy("mixed_float16")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    one, other = (Saved(model, tmp_path / name).contents for name in "ab")
    assert one == other


def test_text_among_the_weights_is_refused(tmp_path):
    @keras.saving.register_keras_serializable("test")
    class Text(keras.layers.Layer):
        def save_own_variables(self, store):
            store.h5_file["words"] = "a word"
            store["0"] = np.zeros(1)

    model = keras.Sequential([keras.Input((2,)), Text()])
    with pytest.raises(ValueError, match="`model` must have weights of numbers"):
        Saved(model, tmp_path)
