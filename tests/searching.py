"""A search for tickets that is small enough to be run many times."""

import keras
import numpy as np

from tfcompress.tickets.find_ticket import find_ticket

X = np.random.default_rng(0).normal(size=(24, 4)).astype("float32")
Y = (X[:, :1] > 0).astype("float32")


def model_fn(units=10, activation="relu"):
    parts = [
        keras.layers.Dense(units, activation),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1, "sigmoid", name="head"),
    ]
    model = keras.Sequential([keras.Input((4,)), *parts])
    # Eagerly: a search is many short trainings, each of which would be compiled.
    model.compile(
        keras.optimizers.Adam(0.05), "bce", metrics=["accuracy"], run_eagerly=True
    )
    return model


def fit_fn(model, **options):
    return model.fit(
        X[:16],
        Y[:16],
        batch_size=8,
        epochs=3,
        validation_data=(X[16:], Y[16:]),
        verbose=0,
        **options,
    )


def search(fit_fn=fit_fn, model_fn=model_fn, **options):
    return find_ticket(model_fn, fit_fn, **{"rounds": 2, "fraction": 0.5, **options})
