"""A linear model that does not learn: its gradients can be worked out by hand."""

import keras
import numpy as np

X = np.float32([[1, 2], [3, 0], [0, 4], [2, 2]])


def still(kernel, **options):
    """Returns the model `x @ kernel` with the mean squared error as its loss."""
    kernel = np.float32(kernel)
    dense = keras.layers.Dense(kernel.shape[1], use_bias=False, name="d")
    model = keras.Sequential([keras.Input((kernel.shape[0],)), dense])
    model.compile(keras.optimizers.SGD(0.0), "mse", **options)
    dense.set_weights([kernel])
    return model


def fit(model, callback, y, x=X, **options):
    options = {"batch_size": 2, "shuffle": False, "verbose": 0, **options}
    return model.fit(x, np.float32(y), callbacks=[callback], **options)


def mask(model):
    return (model.layers[0].kernel.numpy() != 0).astype(int).tolist()
