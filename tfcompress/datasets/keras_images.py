"""The image sets that Keras downloads and keeps in its cache."""

import numpy as np

from tfcompress.datasets.dataset import Dataset


def keras_images(name: str, load_data, files: str, classes) -> Dataset:
    """Returns what `load_data` of `keras.datasets` gives, scaled to [0, 1].

    Args:
        name: Name of the data set.
        load_data: Function that returns `(x_train, y_train), (x_test, y_test)`.
        files: Where in the cache its files belong, for the message when there is
            neither a file nor a network.
        classes: Names of the classes.

    Raises:
        OSError: The files are not in the cache and cannot be downloaded.
    """
    try:
        parts = load_data()
    except Exception as cause:  # Keras raises plain `Exception` without a network
        raise OSError(
            f"{name} is not in the cache of Keras and could not be downloaded "
            f"({cause}). On a machine with a network, run "
            f"`keras.datasets.{name}.load_data()`, then copy {files} from there to "
            "the same place here ($KERAS_HOME stands for ~/.keras if unset). "
            "The data set 'digits' needs no download."
        ) from cause
    (x_train, y_train), (x_test, y_test) = parts
    return Dataset(
        scaled(_with_channels(x_train)),
        y_train.ravel().astype("int32"),
        scaled(_with_channels(x_test)),
        y_test.ravel().astype("int32"),
        tuple(classes),
        name=name,
    )


def _with_channels(images):
    return images if images.ndim == 4 else images[..., np.newaxis]


def scaled(images: np.ndarray) -> np.ndarray:
    """Returns bytes as float32 from 0 to 1."""
    return images.astype("float32") / np.float32(255)
