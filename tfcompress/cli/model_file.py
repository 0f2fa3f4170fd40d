"""Keras models that are named on the command line."""

import pathlib


def load_model(path: pathlib.Path):
    """Returns the model in the file `path`, not compiled.

    Raises:
        ValueError: There is no such file, or Keras cannot load it.
    """
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    import keras

    try:
        return keras.models.load_model(path, compile=False)
    except Exception as cause:  # of many kinds, and some run over many lines
        first = str(cause).partition("\n")[0]
        raise ValueError(
            f"{path} must be a model that Keras can load (.keras). It says: {first}"
        ) from cause
