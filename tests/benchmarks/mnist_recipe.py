"""MNIST as vectors, and the recipe of HashedNets, shortened."""

import keras
from best_epoch import Recipe, last_fifth_aside

import tfcompress as tfc

RECIPE = Recipe(
    optimizer=lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    rates=(0.3, 0.1, 0.03),
    epochs=10,
    pilot=10_000,
    pilot_epochs=3,
    batch_size=50,
)


def mnist(fast):
    """Returns the parts and the recipe; a few images and one epoch if `fast`."""
    data = tfc.datasets.mnist()
    size = 500 if fast else None
    parts = last_fifth_aside(
        data.x_train.reshape(-1, 784)[:size],
        data.y_train[:size],
        data.x_test.reshape(-1, 784)[:size],
        data.y_test[:size],
    )
    return parts, RECIPE.shortened() if fast else RECIPE
