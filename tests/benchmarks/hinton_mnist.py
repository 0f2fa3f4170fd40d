"""Hinton's students on MNIST: two layers of 800 units, with and without a teacher."""

import keras
import numpy as np
import tensorflow as tf
from mistakes import fitted, mistakes

import tfcompress as tfc

DESCRIPTION = (
    "Mistakes of 10,000 on MNIST: teacher 2 x 1200 (dropout, jitter of 2 pixels), "
    "student 2 x 800 alone and taught at T = 20 (Adam, batch 128, 15 epochs, rate 1e-3 "
    "to 0)"
)
PAPER = {"teacher": 67, "student alone": 146, "student taught": 74}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.mnist()
    size, epochs = (2000, 1) if fast else (60_000, 15)
    x, y = data.x_train[:size], data.y_train[:size]
    teacher = fitted(_network(1200, dropout=0.5), _jittered(x, y), epochs)
    # As in the paper the student sees no jitter, and has no other regularizer.
    taught = tfc.datasets.with_teacher((x, y), teacher)
    distill = tfc.callbacks.Distill(temperature=20.0, alpha=0.9)
    models = {
        "teacher": teacher,
        "student alone": fitted(_network(800), (x, y), epochs),
        "student taught": fitted(_network(800), taught, epochs, distill),
    }
    return {
        name: {"mistakes": mistakes(model, data), "paper": PAPER[name]}
        for name, model in models.items()
    }


def _network(units, dropout=0.0):
    hidden = [keras.layers.Dense(units, "relu") for _ in range(2)]
    drops = [keras.layers.Dropout(dropout) for _ in hidden]
    pairs = [layer for pair in zip(hidden, drops, strict=True) for layer in pair]
    first = [keras.Input((28, 28, 1)), keras.layers.Flatten()]
    return keras.Sequential([*first, *pairs, keras.layers.Dense(10)])


def _jittered(x, y):
    """Batches of images that are moved by up to two pixels, anew in each epoch."""
    wide = np.pad(x, [[0, 0], [2, 2], [2, 2], [0, 0]])

    def moved(image, label):
        return tf.image.random_crop(image, (28, 28, 1)), label

    images = tf.data.Dataset.from_tensor_slices((wide, y)).shuffle(len(y))
    return images.map(moved).batch(128).prefetch(2)
