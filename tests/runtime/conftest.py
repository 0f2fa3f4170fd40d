import pathlib
import shutil

import pytest
import tensorflow as tf


def _write(path, function, *specs, **settings):
    module = tf.Module()
    module.serve = tf.function(function, input_signature=specs)
    folder = f"{path}.saved"
    tf.saved_model.save(module, folder, {"serving_default": module.serve})
    converter = tf.lite.TFLiteConverter.from_saved_model(folder)
    for setting, value in settings.items():
        setattr(converter, setting, value)
    path.write_bytes(converter.convert())
    return path


@pytest.fixture
def write(tmp_path):
    """Writes the TFLite file of a function of tensors with the given specs."""
    return lambda *args, **kwargs: _write(tmp_path / "model.tflite", *args, **kwargs)


@pytest.fixture(scope="session")
def _double(tmp_path_factory):
    path = tmp_path_factory.mktemp("double") / "model.tflite"
    return _write(path, lambda x: x * 2, tf.TensorSpec((None, 2), name="x"))


@pytest.fixture
def double(tmp_path, _double):
    """A file that doubles any number of pairs."""
    return pathlib.Path(shutil.copy(_double, tmp_path))
