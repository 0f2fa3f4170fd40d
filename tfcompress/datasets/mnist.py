"""MNIST, the handwritten digits that most papers on compression report."""

import keras

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_images import keras_images


def mnist() -> Dataset:
    """Returns MNIST: 60,000 + 10,000 digits of 28 x 28 pixels, through Keras.

    Raises:
        OSError: The files are not in the cache and cannot be downloaded.

    References:
        - [LeCun et al., 1998](https://doi.org/10.1109/5.726791)
    """
    return keras_images(
        "mnist",
        keras.datasets.mnist.load_data,
        "$KERAS_HOME/datasets/mnist.npz",
        "0123456789",
    )
