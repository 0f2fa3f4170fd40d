"""A dictionary of the features that an autoencoder learns."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.rule import DataRule

BATCH, RATE = 100, 0.01


@keras.saving.register_keras_serializable(package="tfcompress")
class Autoencoder(DataRule):
    r"""Atoms that are the weights of a tied autoencoder of the inputs.

    $$ \hat x = \sigma(x U + b)\, U^T + c $$

    is trained for a few epochs to give the inputs back. Its columns are those that a
    network pretrained layer by layer would have.

    Not gained: the bytes of $U$. It follows from data and is stored with the model.

    Args:
        inputs: A batch of what the layer gets, of shape `(..., features)`; or None, in
            `tfcompress.convert(..., inputs=x)`.
        epochs: Integer, passes over the inputs.
        seed: Integer that the training starts from.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(200, 1)) * [[3.0, 3.0, 0.0]]
    >>> atoms = tfc.dictionaries.Autoencoder(x, epochs=100).atoms((3,), 1)
    >>> bool(np.abs(atoms[2]) < np.abs(atoms[:2]).min())  # what never varies is left out
    True

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def __init__(self, inputs=None, *, epochs=10, seed=0):
        super().__init__(inputs)
        self.epochs = _checks.integer("epochs", epochs)
        self.seed = _checks.integer("seed", seed, low=0, high=2**31 - 1)

    def learn(self, observed, count):
        rows = observed.sample
        rows = rows / (rows.std() or 1.0)
        random = np.random.default_rng(self.seed)
        spread = (6 / (observed.features + count)) ** 0.5
        atoms = random.uniform(-spread, spread, size=(observed.features, count))
        parameters = [atoms, np.zeros(count), np.zeros(observed.features)]
        moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        step = 0
        for _ in range(self.epochs):
            order = random.permutation(len(rows))
            for begin in range(0, len(rows), BATCH):
                step += 1
                gradients = _gradients(rows[order[begin : begin + BATCH]], *parameters)
                for p, (m, v), g in zip(parameters, moments, gradients, strict=True):
                    _adam(p, m, v, g, step)
        return atoms

    def get_config(self):
        return {**super().get_config(), "epochs": self.epochs, "seed": self.seed}


def _gradients(x, atoms, hidden, visible):
    """The gradients of half the mean squared error, by what they are of."""
    h = 1 / (1 + np.exp(-(x @ atoms + hidden)))
    error = (h @ atoms.T + visible - x) / len(x)
    slope = (error @ atoms) * h * (1 - h)
    return error.T @ h + x.T @ slope, slope.sum(axis=0), error.sum(axis=0)


def _adam(parameter, mean, square, gradient, step):
    mean += 0.1 * (gradient - mean)
    square += 0.001 * (gradient**2 - square)
    scale = np.sqrt(square / (1 - 0.999**step)) + 1e-8
    parameter -= RATE * mean / (1 - 0.9**step) / scale
