"""The table of HashedNets for three hidden layers, with baselines of equal size."""

import dataclasses
import functools

import keras
from best_epoch import errors
from cells import measured
from equal_size_nets import hashed, narrow, random_edges
from mnist_recipe import mnist

DESCRIPTION = (
    "MNIST, 784-1000-1000-1000-10 with 1/64 of its weights, against networks of as many "
    "free parameters (biases are kept in full and counted; paper: HashedNets, where "
    "biases are hashed too, 1000 epochs, each cell tuned). 6 epochs, one seed, rates of "
    "0.1, 0.03, 0.01, gradients clipped to a global norm of 1 (a bucket sums those of 64 "
    "weights); otherwise trained as hashed_nets_mnist"
)

EPOCHS = 6
RATES = (0.1, 0.03, 0.01)
HIDDEN, RATIO = [1000] * 3, 1 / 64
CANDIDATES = {
    "HashedDense, elements": (functools.partial(hashed, hidden=HIDDEN), 1.99),
    "HashedDense, blocks of 10, output layer of 1": (
        functools.partial(hashed, hidden=HIDDEN, block_size=10),
        "",
    ),
    "HashedDense, elements, no dropout": (
        functools.partial(hashed, hidden=HIDDEN, dropout=0.0),
        "",
    ),
    "narrow Dense": (functools.partial(narrow, hidden=HIDDEN), 2.69),
    "narrow Dense, no dropout": (
        functools.partial(narrow, hidden=HIDDEN, dropout=0.0),
        "",
    ),
    "random edges removed": (functools.partial(random_edges, hidden=HIDDEN), 3.20),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    parts, recipe = mnist(fast)
    if not fast:
        recipe = dataclasses.replace(
            recipe, optimizer=_clipped, epochs=EPOCHS, rates=RATES
        )

    def cell(make, paper):
        make = functools.partial(make, ratio=RATIO)
        return {**errors(make, parts, recipe, [seed]), "paper, %": paper}

    rows = {name: functools.partial(cell, *row) for name, row in CANDIDATES.items()}
    return measured("hashed_nets_deep", {"1/64": rows}, fast=fast, seed=seed)


def _clipped(rate):
    return keras.optimizers.SGD(rate, momentum=0.9, global_clipnorm=1.0)
