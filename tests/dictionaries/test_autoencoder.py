import numpy as np
import pytest

from tfcompress.dictionaries.autoencoder import Autoencoder, _gradients
from tfcompress.dictionaries.random import Random


def test_gradients_are_those_of_the_error(rng):
    x = rng.normal(size=(7, 4))
    parameters = [rng.normal(size=s) for s in ((4, 3), (3,), (4,))]

    def error(atoms, hidden, visible):
        h = 1 / (1 + np.exp(-(x @ atoms + hidden)))
        return 0.5 * np.sum((h @ atoms.T + visible - x) ** 2) / len(x)

    for parameter, gradient in zip(parameters, _gradients(x, *parameters), strict=True):
        flat, first = parameter.reshape(-1), error(*parameters)
        flat[1] += 1e-6
        slope = (error(*parameters) - first) / 1e-6
        flat[1] -= 1e-6
        assert slope == pytest.approx(gradient.reshape(-1)[1], rel=1e-3)


def test_atoms_hold_more_of_the_inputs_than_random_ones(rng):
    x = rng.normal(size=(300, 2)) @ rng.normal(size=(2, 12))

    def missed(atoms):
        q = np.linalg.qr(atoms)[0]
        return np.linalg.norm(x - x @ q @ q.T)

    learned = Autoencoder(x, epochs=50).atoms((12,), 2)
    assert missed(learned) < 0.5 * missed(Random(1).atoms((12,), 2))


def test_epochs_must_be_positive():
    with pytest.raises(ValueError, match="`epochs` must be a positive integer"):
        Autoencoder(epochs=0)
