"""Keras models that are named on the command line."""

import pathlib

from tfcompress.writing import file_target, whole_file


def load_model(path: pathlib.Path):
    """Returns the model in the file `path`, of Keras 3 or of Keras 2, not compiled.

    Raises:
        ValueError: There is no such file, or Keras cannot load it.
    """
    from tfcompress.interop.load_legacy import load_legacy

    return load_legacy(path)


def save_model(model, path: pathlib.Path) -> int:
    """Writes `model` as a `.keras` file, whole or not at all; returns its bytes."""
    with whole_file(check_target(path)) as draft:
        model.save(draft)
    return path.stat().st_size


def check_target(path: pathlib.Path) -> pathlib.Path:
    """Returns `path` if a model can be written there: before hours of training."""
    return file_target(path, ".keras")
