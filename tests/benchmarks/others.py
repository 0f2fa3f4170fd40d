"""Trained models of other people, as files that lie in Keras's cache."""

import os
import pathlib

import keras


def path_of(name) -> pathlib.Path:
    """Returns where the file of model `name` lies, if it is there."""
    home = pathlib.Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    return home / "models" / f"{name}.keras"


def model_of(name):
    path = path_of(name)
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist: it is another author's model.")
    return keras.models.load_model(path)
