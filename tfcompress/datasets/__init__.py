"""Image sets to try compression on, ready for `fit`."""

from tfcompress.datasets.dataset import Dataset
from tfcompress.datasets.digits import digits
from tfcompress.datasets.fashion_mnist import fashion_mnist
from tfcompress.datasets.load import load
from tfcompress.datasets.mnist import mnist

__all__ = ["Dataset", "digits", "fashion_mnist", "load", "mnist"]
