"""A network that grows while what it stores stays the same."""

import functools

from best_epoch import errors
from cells import measured
from equal_size_nets import hashed, narrow
from mnist_recipe import mnist

DESCRIPTION = (
    "MNIST, 784-50-10 and hashed networks (elements) of 2 to 16 times its hidden units "
    "that store as many weights (biases are kept in full, so that they grow; paper: "
    "HashedNets, Figure 4, where they are hashed too). 10 epochs, one seed; trained as "
    "hashed_nets_mnist"
)

STORED = 50
PAPER = {1: "about 3", 8: 1.61}


def measure(fast: bool = False, seed: int = 0) -> dict:
    parts, recipe = mnist(fast)

    def cell(make, factor):
        figures = errors(make, parts, recipe, [seed])
        return {**figures, "paper, %": PAPER.get(factor, "")}

    rows = {
        f"{factor} x, {factor * STORED} hidden units": functools.partial(
            cell, _network(factor), factor
        )
        for factor in (1, 2, 4, 8, 16)
    }
    tables = {"expansion": rows}
    return measured("hashed_nets_expansion", tables, fast=fast, seed=seed)


def _network(factor):
    # At 1 x nothing is hashed: equal size is that network itself.
    method = narrow if factor == 1 else hashed
    return functools.partial(method, hidden=[factor * STORED], ratio=1 / factor)
