"""The networks of the papers on MNIST, with any kernels, and what is left of them."""

import dataclasses

import keras
import numpy as np
from penalized import files

from tfcompress.callbacks.watch_sparsity import WatchSparsity
from tfcompress.conversion.fold import fold
from tfcompress.datasets.mnist import mnist
from tfcompress.kernels.full import Full
from tfcompress.kernels.hard_concrete import HardConcrete
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


def with_gates(network, epochs, fast, seed):
    """Returns the figures of `network` trained without gates, and with those of L0."""
    data = images(fast)
    plain, rows = {}, {}
    for name, kernel in (("plain", lambda *_: Full()), ("L0", _gates)):
        keras.utils.set_random_seed(seed)
        model = network(kernel)
        optimizer = keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.999)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer, loss)
        watch = [WatchSparsity()] if name == "L0" else []
        x, y = data.x_train, data.y_train
        # Without gates nothing is left to settle after a fifth of the epochs.
        run = epochs if name == "L0" else -(-epochs // 5)
        model.fit(x, y, batch_size=100, epochs=run, callbacks=watch, verbose=0)
        plain[name] = fold(model)
        rows[name] = {
            "error %": error(plain[name], data),
            "left": "-".join(map(str, _read(plain[name]))),
            **weights_kept(plain[name]),
        }
    return {"trained": rows, "units taken out, TFLite": files(plain)}


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


def _gates(groups, first):
    return HardConcrete(
        groups=groups,
        strength=0.1 / 60000,
        weight_decay=5e-4,
        drop_rate=0.2 if first and groups == "input" else 0.5,
    )


def _read(model):
    """How many inputs of each dense layer, and filters of each convolution, are left."""
    kernels = [np.array(v) for v in model.trainable_variables if len(v.shape) > 1]
    return [
        int(k.any(axis=1).sum() if k.ndim == 2 else k.any(axis=(0, 1, 2)).sum())
        for k in kernels
    ]


def _dense(units, kernel, initializer, activation=None):
    return CompressedDense(
        units, activation, kernel=kernel, kernel_initializer=initializer
    )
