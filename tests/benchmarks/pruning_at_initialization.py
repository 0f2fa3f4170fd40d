"""A deep network pruned before training, with and without rescaling."""

import statistics

import keras
from keras import layers
from lenets import compression, error, images, train

from tfcompress.callbacks.prune_at_initialization import PruneAtInitialization
from tfcompress.datasets.mnist import mnist

DESCRIPTION = (
    "50 layers of 100 units on MNIST: dense, and pruned to 10 % before training by the "
    "sensitivities of 10 batches, within each layer; 3 epochs of Adam 1e-4 with a "
    "cosine, nothing tuned. Test accuracy in percent of the last epoch of each of three "
    "seeds; 10 is chance. On the edge of chaos, with no biases before training: "
    "lecun_normal for tanh and he_normal for ReLU; glorot_uniform is the default of "
    "Keras (Hayou et al., 2020)"
)
NETWORKS = (
    ("tanh", "lecun_normal"),
    ("relu", "he_normal"),
    ("relu", "glorot_uniform"),
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(mnist(), fast)
    seeds = range(seed, seed + (1 if fast else 3))
    figures = {}
    for network in NETWORKS:
        for name, options in {
            "dense": None,
            "90 %": {"rescale": False},
            "90 %, rescaled": {"rescale": True},
        }.items():
            models = [_trained(data[0], network, options, one) for one in seeds]
            accuracies = [round(100 - error(model, data[1]), 2) for model in models]
            figures[f"{', '.join(network)}, {name}"] = {
                **{f"seed {s}": a for s, a in zip(seeds, accuracies, strict=True)},
                "mean": round(statistics.mean(accuracies), 2),
                "compression": round(compression(models[0]), 2),
            }
    return figures


def _trained(data, network, options, seed):
    keras.utils.set_random_seed(seed)
    activation, initializer = network
    hidden = [
        layers.Dense(100, activation, kernel_initializer=initializer) for _ in range(50)
    ]
    ends = [keras.Input((28, 28, 1)), layers.Flatten()], [layers.Dense(10)]
    model = keras.Sequential([*ends[0], *hidden, *ends[1]])
    prunes = []
    if options is not None:
        prunes = [PruneAtInitialization(0.9, batches=10, scope="layer", **options)]
    train(model, data, epochs=3, rate=1e-4, callbacks=prunes)
    return model
