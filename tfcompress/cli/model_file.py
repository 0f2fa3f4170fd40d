"""Keras models that are named on the command line."""

import json
import pathlib
import zipfile

from tfcompress.writing import file_target, whole_file

KERAS_2 = (
    "It was written by Keras {version}, and not all that Keras 2 wrote loads in Keras 3. "
    "Build the same layers in Keras 3, take the weights over by "
    "`model.load_weights('{path}')`, and save that as .keras."
)


def load_model(path: pathlib.Path):
    """Returns the model in the file `path`, `.keras` or `.h5`, not compiled.

    Raises:
        ValueError: There is no such file, or Keras cannot load it.
    """
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    import keras

    try:
        return keras.models.load_model(path, compile=False)
    except Exception as cause:  # of many kinds, and some run over many lines
        first = str(cause).partition("\n")[0][:300]
        version = _written_by(path)
        old = version.startswith("2.")
        remedy = KERAS_2.format(version=version, path=path) if old else ""
        raise ValueError(
            f"{path} must be a model that Keras can load (.keras or .h5). {remedy} "
            f"It says: {first}"
        ) from cause


def save_model(model, path: pathlib.Path) -> int:
    """Writes `model` as a `.keras` file, whole or not at all; returns its bytes."""
    with whole_file(check_target(path)) as draft:
        model.save(draft)
    return path.stat().st_size


def check_target(path: pathlib.Path) -> pathlib.Path:
    """Returns `path` if a model can be written there: before hours of training."""
    return file_target(path, ".keras")


def _written_by(path) -> str:
    """The version of Keras that wrote a file, as far as the file tells."""
    import h5py

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            if "metadata.json" in parts.namelist():
                return str(json.loads(parts.read("metadata.json")).get("keras_version"))
        return ""
    if h5py.is_hdf5(path):
        with h5py.File(path) as file:
            return str(file.attrs.get("keras_version", ""))
    return ""
