"""Fashion-MNIST, a harder set of the size and shape of MNIST."""

import keras

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_images import keras_images

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def fashion_mnist() -> Dataset:
    """Returns Fashion-MNIST: 60,000 + 10,000 images of 28 x 28, through Keras.

    Raises:
        OSError: The files are not in the cache and cannot be downloaded.

    References:
        - [Xiao et al., 2017](https://arxiv.org/abs/1708.07747)
    """
    return keras_images(
        "fashion_mnist",
        keras.datasets.fashion_mnist.load_data,
        "$KERAS_HOME/datasets/fashion-mnist/*.gz",
        CLASSES,
    )
