"""Dense networks with weights of signs, and with inputs of signs too, on MNIST."""

import dataclasses

import cells
import keras
from best_epoch import Recipe, errors
from keras import ops
from mnist_recipe import mnist

from tfcompress.layers.binary_dense import BinaryDense

UNITS = 1024
RECIPE = Recipe(
    optimizer=keras.optimizers.Adam,
    rates=(0.01,),
    epochs=16,
    pilot=10_000,
    pilot_epochs=3,
    batch_size=200,
    loss=lambda labels, scores: squared_hinge(labels, scores),
)
DESCRIPTION = (
    "BinaryConnect (deterministic) and BNN on MNIST: 3 x 1024 units, each layer "
    "normalized, squared hinge. Shortened recipe: 16 epochs of 48,000 images, where the "
    "papers have 250 to 1000, and BNN 3 x 2048 units or more; Adam, its rate falling "
    "along a cosine; rate and epoch chosen on 12,000 images held out; one seed"
)
PAPERS = {
    "BinaryConnect": {"test error, %": 1.29},
    "BNN, 3 x 2048 (Torch7)": {"test error, %": 1.40},
    "BNN, 3 x 4096 (Theano)": {"test error, %": 0.96},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    parts, _ = mnist(fast)
    recipe = RECIPE.shortened() if fast else RECIPE
    if fast:
        recipe = dataclasses.replace(recipe, batch_size=50)
    networks = {"BinaryConnect": _connect, "BNN": _bnn}
    rows = {
        name: lambda make=make: errors(make, parts, recipe, [seed])
        for name, make in networks.items()
    }
    tables = {"MNIST": rows}
    figures = cells.measured("binary_connect", tables, fast=fast, seed=seed)
    return {**figures, "papers": PAPERS}


def squared_hinge(labels, scores):
    """Returns the loss of both papers: each score shall be 1 or -1, or beyond."""
    signs = 2 * ops.one_hot(ops.cast(ops.reshape(labels, (-1,)), "int32"), 10) - 1
    return ops.mean(ops.square(ops.maximum(1 - signs * scores, 0)), axis=-1)


def _connect(seed):
    return _network(lambda units, first: BinaryDense(units, use_bias=False), relu=True)


def _bnn(seed):
    # The inputs of the first layer stay real; each normalization comes before a sign.
    def layer(units, first):
        signs = None if first else "clipped"
        return BinaryDense(units, use_bias=False, binarize_inputs=signs)

    return _network(layer, relu=False)


def _network(layer, relu):
    model = keras.Sequential([keras.Input((784,))])
    for index in range(3):
        model.add(layer(UNITS, index == 0))
        model.add(keras.layers.BatchNormalization(momentum=0.9))
        if relu:
            model.add(keras.layers.ReLU())
    model.add(layer(10, False))
    model.add(keras.layers.BatchNormalization(momentum=0.9))
    return model
