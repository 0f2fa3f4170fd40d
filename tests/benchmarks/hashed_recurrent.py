"""Hashed recurrent layers beside plain ones, and narrow ones of equal size."""

import functools
import itertools

import keras
from best_epoch import Parts, Recipe, errors
from cells import measured

import tfcompress as tfc

DESCRIPTION = (
    "Five spoken words (speech_commands): LSTM and GRU of 96 units and a Dense, plain, "
    "with hashed kernels (blocks of 16; biases and the Dense are plain, and counted), and "
    "plain but narrow, with as many free parameters or a few more. 10 epochs, one seed; "
    "Adam, batch 64, rate falling along a cosine; the authors' validation part chooses the "
    "epoch, and the rate of 0.01 and 0.003 after 3 epochs of 2000 clips"
)

UNITS = 96
RATIOS = (1 / 4, 1 / 16, 1 / 64)
LAYERS = {
    "LSTM": (keras.layers.LSTM, tfc.layers.HashedLSTM),
    "GRU": (keras.layers.GRU, tfc.layers.HashedGRU),
}
RECIPE = Recipe(
    optimizer=keras.optimizers.Adam,
    rates=(0.01, 0.003),
    epochs=10,
    pilot=2000,
    pilot_epochs=3,
    batch_size=64,
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = tfc.datasets.speech_commands()
    size = 200 if fast else None
    parts = Parts(
        (data.x_train[:size], data.y_train[:size]),
        (data.x_validation[:size], data.y_validation[:size]),
        (data.x_test[:size], data.y_test[:size]),
    )
    recipe = RECIPE.shortened() if fast else RECIPE
    tables = {
        name: {
            row: functools.partial(errors, make, parts, recipe, [seed])
            for row, make in _candidates(name).items()
        }
        for name in LAYERS
    }
    return measured("hashed_recurrent", tables, fast=fast, seed=seed)


def _candidates(name):
    plain, hashed = LAYERS[name]
    candidates = {name: lambda seed: _network(plain(UNITS))}
    for ratio in RATIOS:

        def small(seed, ratio=ratio):
            return _network(hashed(UNITS, ratio=ratio, seed=seed))

        def narrow(seed, small=small):
            budget = small(seed).count_params()
            networks = (_network(plain(units)) for units in itertools.count(1))
            return next(n for n in networks if n.count_params() >= budget)

        share = f"1/{1 / ratio:.0f}"
        candidates[f"Hashed{name} {share}"] = small
        candidates[f"narrow {name}, as {share}"] = narrow
    return candidates


def _network(layer):
    return keras.Sequential([keras.Input((49, 10)), layer, keras.layers.Dense(5)])
