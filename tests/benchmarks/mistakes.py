"""Training of classifiers with one recipe, and the count of their mistakes."""

import math

import keras
import numpy as np


def fitted(model, data, epochs, *callbacks, batch=128, rate=1e-3, logits=True):
    """Returns `model`, trained by Adam at a rate that falls to 0 along a cosine."""
    if isinstance(data, tuple):
        x, y = data
        steps, options = math.ceil(len(x) / batch), {"batch_size": batch}
    else:
        x, y, steps, options = data, None, len(data), {"shuffle": False}
    falling = keras.optimizers.schedules.CosineDecay(rate, steps * epochs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
    model.compile(keras.optimizers.Adam(falling), loss)
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=list(callbacks), **options)
    return model


def mistakes(model, data) -> int:
    """Returns how many test examples of `data` the model puts in a wrong class."""
    outputs = model.predict(data.x_test, batch_size=500, verbose=0)
    return int(np.sum(outputs.argmax(-1) != data.y_test))


def percent_wrong(model, data) -> float:
    return round(100 * mistakes(model, data) / len(data.y_test), 2)
