"""Sparse variational dropout on LeNet-300-100 and on an LSTM."""

import dataclasses

import keras
import numpy as np
from mnist_networks import error, images, lenet_300_100, weights_kept
from penalized import files

from tfcompress.callbacks.penalty_schedule import PenaltySchedule
from tfcompress.conversion.fold import fold
from tfcompress.datasets.speech_commands import speech_commands
from tfcompress.kernels.full import Full
from tfcompress.kernels.variational_dropout import VariationalDropout
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM

DESCRIPTION = (
    "Sparse variational dropout; weights with log alpha above 3 are zero, nothing is "
    "chosen. LeNet-300-100 on MNIST, Adam 1e-3, batch 100, by two recipes: the paper's, "
    "200 epochs, strength from epoch 5 to 20, rate down to 0 from "
    "epoch 100 (the paper: 1.92 % error, 68 times fewer weights), and that of the "
    "authors' notebook, 100 epochs, strength over 50 epochs (98.4 % "
    "right, 32.9 times fewer). Plain: 40 epochs. LSTM of 128 units on five spoken "
    "words, 30 epochs, batch 128, strength over 15 epochs: single weights, and with "
    "factors of neurons too"
)


@dataclasses.dataclass(frozen=True)
class Recipe:
    epochs: int
    begin: str
    end: str
    rates: tuple  # (share of the run, learning rate), joined by straight lines or steps
    steps: bool = False

    def rate(self, epochs):
        def at(epoch):
            shares, rates = zip(*self.rates, strict=True)
            share = epoch / epochs
            if not self.steps:
                return float(np.interp(share, shares, rates))
            return rates[np.searchsorted(shares, share, side="right") - 1]

        return keras.callbacks.LearningRateScheduler(lambda epoch, _: at(epoch))


PAPER = Recipe(200, "2.5%", "10%", rates=((0.0, 1e-3), (0.5, 1e-3), (1.0, 0.0)))
NOTEBOOK = Recipe(
    100,
    "0%",
    "50%",
    rates=tuple(
        (share, 1e-3 * 0.2**i) for i, share in enumerate((0.0, 0.5, 0.6, 0.7, 0.8))
    ),
    steps=True,
)
SPEECH = Recipe(30, "0%", "50%", rates=((0.0, 1e-3), (0.5, 1e-3), (1.0, 0.0)))


def measure(fast: bool = False, seed: int = 0) -> dict:
    digits, words = images(fast), speech_commands()
    if fast:
        words = dataclasses.replace(
            words, x_train=words.x_train[:256], y_train=words.y_train[:256]
        )
    normal = keras.initializers.RandomNormal
    networks = {
        "plain": (
            lambda: lenet_300_100(lambda *_: Full()),
            digits,
            dataclasses.replace(PAPER, epochs=40),
        ),
        "the paper's recipe": (
            lambda: lenet_300_100(_noise(), normal(stddev=0.01)),
            digits,
            PAPER,
        ),
        "the notebook's recipe": (
            lambda: lenet_300_100(_noise(), normal(stddev=0.02)),
            digits,
            NOTEBOOK,
        ),
    }
    sequences = {
        "plain": (lambda: _lstm(Full()), words, SPEECH),
        "weights": (lambda: _lstm(_noise()()), words, SPEECH),
        "weights and neurons": (
            lambda: _lstm(_noise()(), factors=True),
            words,
            SPEECH,
        ),
    }
    figures = {}
    for title, group in (("LeNet-300-100", networks), ("LSTM", sequences)):
        plain, rows = {}, {}
        for name, (make, data, recipe) in group.items():
            keras.utils.set_random_seed(seed)
            plain[name] = fold(_trained(make(), data, recipe, fast))
            rows[name] = {
                "error %": error(plain[name], data),
                **weights_kept(plain[name]),
            }
        figures[title] = rows
        figures[f"{title}, TFLite"] = files(plain)
    return figures


def _noise(groups=None):
    def kernel(*_):
        return VariationalDropout(strength=0.0, groups=groups)

    return kernel


def _lstm(kernel, factors=False):
    # A neuron leaves with its row in the recurrent kernel and its row in the head.
    rows = _noise("input")() if factors else kernel
    return keras.Sequential(
        [
            keras.Input((49, 10)),
            CompressedLSTM(128, kernel=kernel, recurrent_kernel=rows),
            CompressedDense(5, kernel=rows),
        ]
    )


def _trained(model, data, recipe, fast):
    sequence = data.x_train.ndim == 3
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    epochs = 2 if fast else recipe.epochs
    callbacks = [recipe.rate(epochs)]
    if any("log_variance" in v.path for v in model.variables):
        count = len(data.x_train)
        ramp = PenaltySchedule(1 / count, begin=recipe.begin, end=recipe.end)
        callbacks.append(ramp)
    model.fit(
        data.x_train,
        data.y_train,
        batch_size=128 if sequence else 100,
        epochs=epochs,
        callbacks=callbacks,
        verbose=0,
    )
    return model
