"""The table of HashedNets for one hidden layer, with baselines of equal size."""

import functools

from best_epoch import errors
from cells import measured
from equal_size_nets import fixed_factor, hashed, narrow, random_edges
from mnist_recipe import mnist

DESCRIPTION = (
    "MNIST, 784-1000-10 with 1/8 and 1/64 of its weights, against networks of as many "
    "free parameters (biases are kept in full and counted; paper: HashedNets, where "
    "biases are hashed too, 1000 epochs, each cell tuned). 10 epochs, one seed; SGD, "
    "momentum 0.9, batch 50, dropout 0.25, rate falling along a cosine; the last fifth "
    "of the training data chooses the epoch, and the rate of 0.3, 0.1, 0.03 after 3 "
    "epochs of 10,000 images"
)

# Blocks must divide the units: 16 do not divide 1000. As many weights are stored.
WIDER = 1008
PAPER = {
    1 / 8: {"elements": 1.45, "narrow": 1.69, "fixed": 1.89, "edges": 2.19},
    1 / 64: {"elements": 2.79, "narrow": 6.28, "fixed": 28.99, "edges": 15.03},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    parts, recipe = mnist(fast)
    tables = {
        f"1/{1 / ratio:.0f}": {
            name: functools.partial(_cell, make, paper, parts, recipe, seed)
            for name, (make, paper) in _candidates(ratio).items()
        }
        for ratio in PAPER
    }
    return measured("hashed_nets_mnist", tables, fast=fast, seed=seed)


def _candidates(ratio):
    def of(method, hidden=1000, **options):
        share = ratio * 1000 / hidden
        return functools.partial(method, hidden=[hidden], ratio=share, **options)

    paper = PAPER[ratio]
    return {
        "HashedDense, elements": (of(hashed), paper["elements"]),
        f"HashedDense, blocks of 16 ({WIDER} units)": (
            of(hashed, WIDER, block_size=16),
            "",
        ),
        "HashedDense, blocks of 10, output layer too": (
            of(hashed, block_size=10, output_block_size=10),
            "",
        ),
        "narrow Dense": (of(narrow), paper["narrow"]),
        "narrow Dense, no dropout": (of(narrow, dropout=0.0), ""),
        "random fixed factor": (of(fixed_factor), paper["fixed"]),
        "random edges removed": (of(random_edges), paper["edges"]),
    }


def _cell(make, paper, parts, recipe, seed):
    return {**errors(make, parts, recipe, [seed]), "paper, %": paper}
