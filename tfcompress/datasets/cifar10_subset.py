"""A quarter of CIFAR-10: small photographs in colour."""

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.keras_cache import cached_arrays
from tfcompress.datasets.keras_images import scaled

FILE = "cifar10_jpeg_subset.npz"
ARRAYS = {
    "x_train": "(10000, 32, 32, 3) uint8",
    "y_train": "(10000, 1) uint8",
    "x_test": "(5000, 32, 32, 3) uint8",
    "y_test": "(5000, 1) uint8",
}
CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


def cifar10_subset() -> Dataset:
    """Returns 10,000 + 5,000 images of CIFAR-10, 32 x 32 in colour, saved as JPEG.

    Good for comparing networks with each other. Accuracies are *not* comparable with
    published ones: there are five times fewer training images, and JPEG blurred them.
    It is read from `$KERAS_HOME/datasets/cifar10_jpeg_subset.npz`, which nothing
    downloads: docs/datasets.md says how to make it.

    Raises:
        FileNotFoundError: The file is not there.

    References:
        - [Krizhevsky, 2009](https://www.cs.toronto.edu/~kriz/cifar.html)
    """
    source = "CIFAR-10, a balanced subset, decoded from JPEG (no licence is given)"
    arrays = cached_arrays(FILE, ARRAYS, source=source)
    return Dataset(
        scaled(arrays["x_train"]),
        arrays["y_train"].ravel().astype("int32"),
        scaled(arrays["x_test"]),
        arrays["y_test"].ravel().astype("int32"),
        CLASSES,
        name="cifar10_subset",
    )
