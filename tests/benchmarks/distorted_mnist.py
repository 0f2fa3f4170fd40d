"""MNIST with stored random distortions of each image, in batches for `fit`."""

import keras
import numpy as np
from scipy import ndimage

from tfcompress.datasets.mnist import mnist

HELD_OUT = 5000
CENTRE = 13.5


class Digits:
    """Images to train on in several copies, to choose on, and to test on.

    Args:
        copies: Distorted copies of each training image; the first is the image itself.
        size: Training images; all but 5,000 if None.
    """

    def __init__(self, copies, size=None):
        data = mnist()
        split = len(data.x_train) - HELD_OUT
        images = data.x_train.reshape(-1, 28, 28)[:split][:size]
        random = np.random.default_rng(0)
        self.labels = data.y_train[:split][:size]
        self.copies = np.empty((copies, *images.shape), "uint8")
        self.copies[0] = np.rint(255 * images)
        for copy in self.copies[1:]:
            for image, distorted in zip(images, copy, strict=True):
                distorted[:] = np.rint(255 * _distorted(image, random)).clip(0, 255)
        held = slice(split, None if size is None else split + size)
        self.validation = data.x_train[held], data.y_train[held]
        self.test = data.x_test[:size], data.y_test[:size]

    def batches(self, *, copies=None, logits=None, size=512, seed=0):
        """Returns batches of the first `copies`, with a teacher's `logits` if given."""
        return Batches(self.copies[:copies], self.labels, logits, size, seed)


class Batches(keras.utils.PyDataset):
    """Batches in which each image stands once, as one of its copies, drawn anew."""

    def __init__(self, copies, labels, logits, size, seed):
        super().__init__()
        self.copies, self.labels, self.logits, self.size = copies, labels, logits, size
        self.random = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return len(self.labels) // self.size

    def __getitem__(self, number):
        rows = self.order[number * self.size :][: self.size]
        drawn = self.drawn[rows]
        x = self.copies[drawn, rows][..., None].astype("float32") / 255
        if self.logits is None:
            return x, self.labels[rows]
        teacher = self.logits[drawn, rows].astype("float32")
        return x, {"labels": self.labels[rows], "teacher": teacher}

    def on_epoch_end(self):
        count = len(self.labels)
        self.order = self.random.permutation(count)
        self.drawn = self.random.integers(len(self.copies), size=count)


def _distorted(image, random):
    """Turned by up to 0.22, sheared by 0.15, scaled by 10 %, moved by 1.5 pixels."""
    angle, shear = random.uniform(-0.22, 0.22), random.uniform(-0.15, 0.15)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix = np.diag(random.uniform(0.9, 1.1, 2)) @ turn @ [[1, shear], [0, 1]]
    centre = np.full(2, CENTRE)
    offset = centre - matrix @ (centre + random.uniform(-1.5, 1.5, 2))
    return ndimage.affine_transform(image, matrix, offset, order=1)
