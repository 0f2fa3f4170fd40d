"""A model and data that are small enough to be tuned in a test."""

import keras
import numpy as np

RANDOM = np.random.default_rng(0)
MEANS = RANDOM.normal(size=(3, 16)).astype("float32")
Y = np.arange(120) % 3
X = (MEANS[Y] + 0.5 * RANDOM.normal(size=(120, 16))).astype("float32")
VALIDATION = X[90:], Y[90:]


def network():
    """Returns a trained classifier of 16-64-32-3."""
    keras.utils.set_random_seed(0)
    parts = [
        keras.layers.Dense(64, "relu", name="a"),
        keras.layers.Dense(32, "relu", name="b"),
        keras.layers.Dense(3, "softmax", name="head"),
    ]
    model = keras.Sequential([keras.Input((16,)), *parts])
    # Eagerly: each trial would be compiled otherwise.
    model.compile(
        keras.optimizers.Adam(0.01),
        "sparse_categorical_crossentropy",
        run_eagerly=True,
    )
    model.fit(X[:90], Y[:90], epochs=3, verbose=0)
    return model
