"""Train, prune, train again, with the shares that Han et al. keep of each layer."""

import statistics

import keras
from lenets import BATCH, compression, error, images, lenet_5, lenet_300_100, train

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.datasets.mnist import mnist
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "Han et al. 2015 on MNIST: trained, then pruned to the shares they kept of each "
    "layer in the first half of as long a training again; test error in percent of the "
    "last epoch. LeNet-300-100: 20 + 20 epochs, three seeds; LeNet-5: 6 + 8 epochs, a "
    "shortened recipe. Adam 1e-3 with a cosine and L2 1e-4 in both trainings, chosen "
    "on 5,000 images held out of the training set"
)

KEPT = {
    "LeNet-300-100": {"fc1": 0.08, "fc2": 0.09, "fc3": 0.26},
    "LeNet-5": {"conv1": 0.66, "conv2": 0.12, "fc1": 0.08, "fc2": 0.19},
}
PAPER = {
    "LeNet-300-100": {"dense": 1.64, "pruned": 1.59, "compression": 12},
    "LeNet-5": {"dense": 0.80, "pruned": 0.77, "compression": 12},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(mnist(), fast)
    three = range(seed, seed + (2 if fast else 3))
    plans = {
        "LeNet-300-100": (lenet_300_100, three, (20, 20)),
        "LeNet-5": (lenet_5, [seed], (6, 8)),
    }
    figures = {}
    for name, (network, seeds, epochs) in plans.items():
        epochs = (1, 2) if fast else epochs
        runs = [_run(network, KEPT[name], data, epochs, one) for one in seeds]
        rows = {f"seed {one}": run for one, run in zip(seeds, runs, strict=True)}
        if len(runs) > 1:
            rows["mean"] = {
                column: round(statistics.mean(run[column] for run in runs), 3)
                for column in runs[0]
            }
        figures[name] = {**rows, "Han et al.": PAPER[name]}
    return figures


def _run(network, kept, data, epochs, seed):
    keras.utils.set_random_seed(seed)
    training, test = data
    model = network(decay=1e-4)
    train(model, training, epochs=epochs[0])
    dense = error(model, test)
    # One step up in sparsity each epoch: Han's rounds of pruning and training.
    epoch = len(training[0]) // BATCH
    prunes = [
        PruneLowMagnitude(Polynomial(1 - share, end="50%", frequency=epoch), which=name)
        for name, share in kept.items()
    ]
    train(model, training, epochs=epochs[1], callbacks=prunes)
    return {
        "dense": round(dense, 3),
        "pruned": round(error(model, test), 3),
        "compression": round(compression(model), 2),
    }
