"""Fully connected networks of as many free parameters, made small in several ways."""

import itertools
import math

import keras
import numpy as np

import tfcompress as tfc

# U(-1 / sqrt(inputs), 1 / sqrt(inputs)), as in the code of HashedNets.
INITIAL = keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")
INPUTS, CLASSES = 784, 10


def hashed(seed, hidden, ratio, *, block_size=1, output_block_size=1, dropout=0.25):
    """Every layer hashed; biases are kept in full."""
    seeds = itertools.count(1000 * seed)

    def layer(units, is_output):
        return tfc.layers.HashedDense(
            units,
            ratio=ratio,
            block_size=output_block_size if is_output else block_size,
            seed=next(seeds),
            kernel_initializer=INITIAL,
        )

    return _network(hidden, layer, dropout)


def narrow(seed, hidden, ratio, *, dropout=0.25):
    """A plain network of as many layers; its width is rounded up, in its favour."""
    budget = _stored([INPUTS, *hidden, CLASSES], ratio)
    width = next(
        width
        for width in itertools.count(1)
        if _stored([INPUTS, *[width] * len(hidden), CLASSES], 1) >= budget
    )

    def layer(units, is_output):
        return keras.layers.Dense(units, kernel_initializer=INITIAL)

    return _network([width] * len(hidden), layer, dropout)


def random_edges(seed, hidden, ratio, *, dropout=0.25):
    """All edges but `ratio` of them, drawn at random, are removed before training.

    The initial values are those of a layer with as few inputs as are left.
    """
    random = np.random.default_rng(seed)
    initial = keras.initializers.VarianceScaling(1 / 3 / ratio, "fan_in", "uniform")

    def layer(units, is_output):
        inputs = hidden[-1] if is_output else _inputs(hidden, made)
        made.append(units)
        mask = np.zeros(inputs * units, "float32")
        mask[: math.ceil(round(mask.size * ratio, 9))] = 1
        mask = random.permutation(mask).reshape(inputs, units)
        return keras.layers.Dense(
            units,
            kernel_initializer=lambda shape, dtype: mask * initial(shape, dtype),
            kernel_constraint=tfc.constraints.Masked(mask),
        )

    made = []
    return _network(hidden, layer, dropout)


def fixed_factor(seed, hidden, ratio, *, dropout=0.25):
    """Each weight is a product; the first factor is random and fixed, and not counted."""

    def layer(units, is_output):
        inputs = hidden[-1] if is_output else _inputs(hidden, made)
        made.append(units)
        rank = round(inputs * ratio)
        fixed = keras.layers.Dense(
            rank,
            use_bias=False,
            trainable=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=inputs**-0.5),
        )
        learned = keras.layers.Dense(units, kernel_initializer=INITIAL)
        return keras.Sequential([fixed, learned])

    made = []
    return _network(hidden, layer, dropout)


def _inputs(hidden, made):
    return [INPUTS, *hidden][len(made)]


def _stored(widths, ratio):
    """Weights, `ratio` of them in each layer, and all biases."""
    return sum(
        math.ceil(round(inputs * units * ratio, 9)) + units
        for inputs, units in itertools.pairwise(widths)
    )


def _network(hidden, layer, dropout):
    layers = [keras.Input((INPUTS,))]
    for units in hidden:
        layers += [
            layer(units, False),
            keras.layers.ReLU(),
            keras.layers.Dropout(dropout),
        ]
    return keras.Sequential([*layers, layer(CLASSES, True)])
