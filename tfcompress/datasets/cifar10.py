"""CIFAR-10: small photographs in colour."""

import keras

from tfcompress.datasets.cifar10_subset import CLASSES
from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_images import keras_images


def cifar10() -> Dataset:
    """Returns CIFAR-10: 50,000 + 10,000 images of 32 x 32 x 3, through Keras.

    Raises:
        OSError: The files are not in the cache and cannot be downloaded.

    References:
        - [Krizhevsky, 2009](https://www.cs.toronto.edu/~kriz/cifar.html)
    """
    return keras_images(
        "cifar10",
        keras.datasets.cifar10.load_data,
        "$KERAS_HOME/datasets/cifar-10-batches-py",
        CLASSES,
    )
