"""A data set by its name, for commands and configuration files."""

from tfcompress import _checks
from tfcompress.datasets.cifar10 import cifar10
from tfcompress.datasets.cifar10_subset import cifar10_subset
from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.digits import digits
from tfcompress.datasets.fashion_mnist import fashion_mnist
from tfcompress.datasets.mnist import mnist
from tfcompress.datasets.speech_commands import speech_commands
from tfcompress.datasets.uci_har import uci_har

LOADERS = (
    digits,
    mnist,
    fashion_mnist,
    cifar10,
    cifar10_subset,
    speech_commands,
    uci_har,
)


def load(name: str) -> Dataset:
    """Returns the data set called `name`.

    Args:
        name: `"digits"` (comes with scikit-learn), `"mnist"`,
            `"fashion_mnist"` or `"cifar10"` (through Keras, which downloads them once),
            `"cifar10_subset"`, `"speech_commands"` or `"uci_har"` (files to put into
            Keras's cache).

    Raises:
        ValueError: No data set has this name.
        OSError: The files are not in the cache and cannot be downloaded.

    Example:

    >>> load("digits").x_test.shape
    (364, 8, 8, 1)
    """
    loaders = {loader.__name__: loader for loader in LOADERS}
    return loaders[_checks.choice("name", name, list(loaders))]()
