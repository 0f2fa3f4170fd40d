"""The networks of the papers on MNIST, with any kernels, and what is left of them."""

import dataclasses

import keras
import numpy as np

from tfcompress.datasets.mnist import mnist
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense


def images(fast):
    """Returns MNIST; a little of it if `fast`."""
    data = mnist()
    if not fast:
        return data
    return dataclasses.replace(
        data,
        x_train=data.x_train[:1000],
        y_train=data.y_train[:1000],
        x_test=data.x_test[:1000],
        y_test=data.y_test[:1000],
    )


def lenet_300_100(kernel, initializer="he_normal"):
    """Returns 784-300-100-10; `kernel(groups, first)` gives the kernel of a layer."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            _dense(300, kernel("input", True), initializer, "relu"),
            _dense(100, kernel("input", False), initializer, "relu"),
            _dense(10, kernel("input", False), initializer),
        ]
    )


def lenet_5(kernel, initializer="he_normal"):
    """Returns the LeNet-5 of Caffe, 20-50-800-500, with kernels likewise."""

    def convolution(filters, first):
        return CompressedConv2D(
            filters,
            5,
            activation="relu",
            kernel=kernel("output", first),
            kernel_initializer=initializer,
        )

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            convolution(20, True),
            keras.layers.MaxPooling2D(),
            convolution(50, False),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            _dense(500, kernel("input", False), initializer, "relu"),
            _dense(10, kernel("input", False), initializer),
        ]
    )


def error(model, data):
    """Returns the percentage of the test images that are taken for another digit."""
    labels = model.predict(data.x_test, 1000, verbose=0).argmax(-1)
    return round(100 * float(np.mean(labels != data.y_test)), 2)


def weights_kept(model):
    """Returns how many weights are not zero, biases aside."""
    kernels = [np.array(v) for v in model.trainable_variables if len(v.shape) > 1]
    size = sum(kernel.size for kernel in kernels)
    kept = sum(int(np.count_nonzero(kernel)) for kernel in kernels)
    return {
        "weights": size,
        "not zero": kept,
        "times fewer": round(size / max(kept, 1), 1),
    }


def _dense(units, kernel, initializer, activation=None):
    return CompressedDense(
        units, activation, kernel=kernel, kernel_initializer=initializer
    )
