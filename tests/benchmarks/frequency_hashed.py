"""Hashing filters by frequency beside hashing their weights."""

import functools
import itertools

import keras
from best_epoch import Recipe, errors, last_fifth_aside
from cells import measured

import tfcompress as tfc

DESCRIPTION = (
    "Fashion-MNIST, 10,000 training images: convolutions of 16, 32 and 64 filters of "
    "3 x 3, the last two hashed, by frequency or plainly, one entry at a time, with 1/16 "
    "and 1/64 of their weights (all else is plain, and counted), beside the full network "
    "and a narrow one of as many free parameters. 6 epochs, mean and range of three seeds; "
    "Adam, batch 64, rate falling along a cosine; the last fifth of the training data "
    "chooses the epoch, and the rate of 0.01 and 0.003 after 3 epochs of 3000 images"
)

IMAGES = 10_000
RATIOS = (1 / 16, 1 / 64)
RECIPE = Recipe(
    optimizer=keras.optimizers.Adam,
    rates=(0.01, 0.003),
    epochs=6,
    pilot=3000,
    pilot_epochs=3,
    batch_size=64,
)
KERNELS = {
    "FrequencyHashed": tfc.kernels.FrequencyHashed,
    "Hashed": tfc.kernels.Hashed,
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = tfc.datasets.fashion_mnist()
    train, test = (200, 200) if fast else (IMAGES, None)
    parts = last_fifth_aside(
        data.x_train[:train],
        data.y_train[:train],
        data.x_test[:test],
        data.y_test[:test],
    )
    recipe = RECIPE.shortened() if fast else RECIPE
    seeds = [seed] if fast else [seed, seed + 1, seed + 2]
    tables = {"full": {"full": lambda seed: _network(16, 32, 64)}}
    tables |= {f"1/{1 / ratio:.0f}": _candidates(ratio) for ratio in RATIOS}
    figures = {
        name: {
            row: functools.partial(errors, make, parts, recipe, seeds)
            for row, make in rows.items()
        }
        for name, rows in tables.items()
    }
    return measured("frequency_hashed", figures, fast=fast, seed=seed)


def _candidates(ratio):
    def hashed(seed, kernel):
        kernels = (
            kernel(ratio=ratio, block_size=1, seed=1000 * seed + layer)
            for layer in range(2)
        )
        return _network(16, 32, 64, kernels)

    def narrow(seed):
        budget = hashed(seed, tfc.kernels.Hashed).count_params()
        widths = ((round(n / 4), round(n / 2), n) for n in itertools.count(4))
        return next(
            network
            for network in itertools.starmap(_network, widths)
            if network.count_params() >= budget
        )

    return {
        **{
            name: functools.partial(hashed, kernel=kernel)
            for name, kernel in KERNELS.items()
        },
        "narrow": narrow,
    }


def _network(first, second, third, kernels=(None, None)):
    options = {"kernel_size": 3, "padding": "same", "activation": "relu"}
    last = [
        keras.layers.Conv2D(filters, **options)
        if kernel is None
        else tfc.layers.CompressedConv2D(filters, kernel=kernel, **options)
        for filters, kernel in zip((second, third), kernels, strict=True)
    ]
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(first, **options),
            keras.layers.MaxPooling2D(),
            last[0],
            keras.layers.MaxPooling2D(),
            last[1],
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10),
        ]
    )
