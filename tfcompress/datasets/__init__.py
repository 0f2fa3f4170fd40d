"""Data sets to try compression on, ready for `fit`."""

from tfcompress.datasets.cifar10 import cifar10
from tfcompress.datasets.cifar10_subset import cifar10_subset
from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.digits import digits
from tfcompress.datasets.fashion_mnist import fashion_mnist
from tfcompress.datasets.load import load
from tfcompress.datasets.mnist import mnist
from tfcompress.datasets.speech_commands import speech_commands
from tfcompress.datasets.tinyshakespeare import tinyshakespeare
from tfcompress.datasets.uci_har import uci_har
from tfcompress.datasets.with_teacher import with_teacher

__all__ = [
    "Dataset",
    "cifar10",
    "cifar10_subset",
    "digits",
    "fashion_mnist",
    "load",
    "mnist",
    "speech_commands",
    "tinyshakespeare",
    "uci_har",
    "with_teacher",
]
