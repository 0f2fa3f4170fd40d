"""Gradual against one-shot pruning, and global against layerwise against random."""

import statistics

import keras
from lenets import compression, error, images, lenet_300_100, train

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.prune_randomly import PruneRandomly
from tfcompress.datasets.fashion_mnist import fashion_mnist
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "LeNet-300-100 on Fashion-MNIST: test accuracy in percent of the last epoch, mean "
    "and standard deviation of three seeds, and compression, all parameters over those "
    "that are not zero. Schedules: 12 epochs in all, cut at once after half of them, "
    "or little by little from 10 % to 60 % of them (Zhu and Gupta, 2017). Scores: cut "
    "at once after 12 epochs, then 4 more; the last layer stays whole (Blalock et "
    "al., 2020). Adam 1e-3 with a cosine, nothing tuned"
)

HIDDEN = ["fc1", "fc2"]


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(fashion_mnist(), fast)
    seeds = range(seed, seed + (2 if fast else 3))
    whole, more = (2, 1) if fast else (12, 4)

    def trained(epochs, prunes, begin=None):
        """Returns a trained model for each seed."""
        return [
            _trained(data[0], epochs, one, prunes(one), begin and begin[number])
            for number, one in enumerate(seeds)
        ]

    dense = trained(whole, _nothing)
    begin = [model.get_weights() for model in dense]
    figures = {
        "dense": {
            f"{whole} epochs": _row(dense, data[1]),
            f"{more} epochs more": _row(trained(more, _nothing, begin), data[1]),
        }
    }
    for sparsity in (0.9,) if fast else (0.9, 0.95, 0.98):
        figures[f"schedules, {sparsity:.0%}"] = {
            name: _row(trained(whole, prunes), data[1])
            for name, prunes in _schedules(sparsity).items()
        }
        figures[f"scores, {sparsity:.0%} of the hidden layers"] = {
            name: _row(trained(more, prunes, begin), data[1])
            for name, prunes in _scores(sparsity).items()
        }
    return figures


def _trained(data, epochs, seed, prunes, begin):
    keras.utils.set_random_seed(seed)
    model = lenet_300_100()
    if begin:
        model.set_weights(begin)
    train(model, data, epochs=epochs, callbacks=prunes)
    return model


def _row(models, test):
    accuracies = [100 - error(model, test) for model in models]
    return {
        "accuracy": round(statistics.mean(accuracies), 2),
        "deviation": round(statistics.stdev(accuracies), 2),
        "compression": round(statistics.mean(map(compression, models)), 2),
    }


def _nothing(seed):
    return []


def _schedules(sparsity):
    once = OneShot(sparsity, at="50%")
    gradual = Polynomial(sparsity, begin="10%", end="60%", frequency=100)
    return {
        "one-shot": lambda seed: [PruneLowMagnitude(once)],
        "gradual": lambda seed: [PruneLowMagnitude(gradual)],
    }


def _scores(sparsity):
    options = {"schedule": OneShot(sparsity), "which": HIDDEN}
    return {
        "global magnitude": lambda seed: [PruneLowMagnitude(scope="global", **options)],
        "layerwise magnitude": lambda seed: [PruneLowMagnitude(**options)],
        "random": lambda seed: [PruneRandomly(seed=seed, **options)],
    }
