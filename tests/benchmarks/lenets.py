"""The two networks that papers on pruning measure on, and how they are trained here."""

import keras
import numpy as np
from keras import layers

BATCH = 125
# So many steps run without a return to Python; the masks change between them only.
STEPS_AT_ONCE = 20


def images(data, fast):
    """Returns 55,000 images and labels to train on, and those to test on.

    What was chosen here was chosen on the 5,000 left over. A short run has 500.
    """
    train, test = (500, 500) if fast else (55000, None)
    return (
        (data.x_train[:train], data.y_train[:train]),
        (data.x_test[:test], data.y_test[:test]),
    )


def lenet_300_100(decay=0.0):
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            _dense(300, decay, "relu", name="fc1"),
            _dense(100, decay, "relu", name="fc2"),
            _dense(10, decay, name="fc3"),
        ]
    )


def lenet_5(decay=0.0):
    """Caffe's variant, the one that Han et al. prune: 431,080 parameters."""
    penalty = keras.regularizers.L2(decay)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(20, 5, kernel_regularizer=penalty, name="conv1"),
            layers.MaxPooling2D(),
            layers.Conv2D(50, 5, kernel_regularizer=penalty, name="conv2"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            _dense(500, decay, "relu", name="fc1"),
            _dense(10, decay, name="fc2"),
        ]
    )


def train(model, data, *, epochs, rate=1e-3, callbacks=(), batch=BATCH, compiled=False):
    """Trains with Adam, whose rate falls from `rate` to 0 along a cosine.

    With `compiled` by XLA, which pays for networks that compute much for each weight.
    """
    x, y = data
    steps = epochs * len(x) // batch
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=compiled,
        steps_per_execution=STEPS_AT_ONCE,
    )
    run = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    model.fit(x, y, callbacks=list(callbacks), **run)


def error(model, data):
    """Returns the share of wrong answers, in percent."""
    x, y = data
    logits = model.predict(x, batch_size=1000, verbose=0)
    return 100 * float(np.mean(np.argmax(logits, axis=1) != y))


def compression(model):
    """Returns the number of parameters over the number of those that are not zero."""
    weights = model.get_weights()
    nonzero = sum(np.count_nonzero(weight) for weight in weights)
    return sum(weight.size for weight in weights) / nonzero


def _dense(units, decay, activation=None, *, name):
    penalty = keras.regularizers.L2(decay)
    return layers.Dense(units, activation, kernel_regularizer=penalty, name=name)
