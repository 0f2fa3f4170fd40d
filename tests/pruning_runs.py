"""What the tests of pruning in real runs share: the methods, and models that watch.

A new method joins all of these tests by a line in `METHODS`. All prune one model, each a
layer of it: a run takes far less time than Keras takes to trace it.
"""

import functools
from types import SimpleNamespace

import keras
import numpy as np
from keras import layers, ops

from tfcompress.callbacks.prune_at_initialization import PruneAtInitialization
from tfcompress.callbacks.prune_by_gradient import PruneByGradient
from tfcompress.callbacks.prune_by_movement import PruneByMovement
from tfcompress.callbacks.prune_by_saliency import PruneBySaliency
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.prune_randomly import PruneRandomly
from tfcompress.callbacks.regrow_by_gradient import RegrowByGradient
from tfcompress.callbacks.regrow_randomly import RegrowRandomly
from tfcompress.constraints.masked import Masked
from tfcompress.patterns.block import Block
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.polynomial import Polynomial

X = np.random.default_rng(1).normal(size=(64, 8)).astype("float32")
Y = np.random.default_rng(2).normal(size=(64, 4)).astype("float32")
STEPS = 8  # per epoch, with batches of 8
KEPT = 40  # a quarter of each hidden kernel of `network`


def ramp(final=0.75, end="70%", frequency=3):
    return Polynomial(final, end=end, frequency=frequency)


# Each makes a callback that leaves a quarter of what it prunes.
METHODS = {
    "magnitude": functools.partial(PruneLowMagnitude, ramp()),
    "global": functools.partial(PruneLowMagnitude, ramp(), scope="global"),
    "blocks": functools.partial(PruneLowMagnitude, ramp(), pattern=Block((4, 1))),
    "gradient": functools.partial(PruneByGradient, ramp()),
    "movement": functools.partial(PruneByMovement, ramp()),
    "saliency": functools.partial(PruneBySaliency, ramp()),
    "random": functools.partial(PruneRandomly, ramp(), seed=2),
    "initial": functools.partial(PruneAtInitialization, 0.75, batches=3, rescale=True),
    "rigged": functools.partial(RegrowByGradient, Constant(0.75), frequency=4),
    "evolved": functools.partial(RegrowRandomly, Constant(0.75), frequency=4),
}


# One that looks at weights, one that looks at gradients, one that brings weights back.
FEW = ["magnitude", "movement", "rigged"]


def prunes(names=METHODS):
    """Returns the methods, each for the layer of its name in `network`."""
    return {name: METHODS[name](which=name) for name in names}


def violations(model):
    """Returns how many weights of `model` are not zero though their mask is."""
    counts = [
        np.count_nonzero(
            np.asarray(variable)[np.asarray(variable.constraint.mask) == 0]
        )
        for variable in masked(model)
    ]
    return sum(counts)


def masked(model):
    return [v for v in model.trainable_variables if isinstance(v.constraint, Masked)]


class Watched(keras.Model):
    """Counts violations within the compiled step, where no callback can look."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # In an object that Keras does not look into: they are not weights of the
        # model, which callbacks save and restore.
        self.seen = SimpleNamespace(
            violations=keras.Variable(0, dtype="int32", trainable=False),
            steps=keras.Variable(0, dtype="int32", trainable=False),
        )

    def train_step(self, data):
        logs = super().train_step(data)
        for variable in masked(self):
            removed = ops.equal(variable.constraint.mask, 0)
            wrong = ops.logical_and(removed, ops.not_equal(variable, 0))
            self.seen.violations.assign_add(ops.cast(ops.sum(wrong), "int32"))
        if len(masked(self)) == len(self.layers) - 3:  # all but input, sum and head
            self.seen.steps.assign_add(1)
        return logs


class Watch(keras.callbacks.Callback):
    """Counts violations after every batch, and the batches with masks."""

    def on_train_begin(self, logs=None):
        self.violations = self.watched = 0

    def on_train_batch_end(self, batch, logs=None):
        self.violations += violations(self.model)
        self.watched += bool(masked(self.model))


def network(names=METHODS, *, optimizer=None, model=Watched, **options):
    """Returns a model that has a hidden layer for each method, side by side."""
    inputs = keras.Input((8,))
    hidden = [layers.Dense(20, "relu", name=name)(inputs) for name in names]
    model = model(inputs, layers.Dense(4, name="head")(layers.add(hidden)))
    optimizer = keras.optimizers.Adam(0.01) if optimizer is None else optimizer
    model.compile(optimizer, "mse", **options)
    return model


def fit(model, *callbacks, x=X, y=Y, **options):
    run = {"batch_size": 8, "epochs": 3, "verbose": 0, "shuffle": False, **options}
    return model.fit(x, y, callbacks=list(callbacks), **run)


def kernels(model):
    return {
        layer.name: layer.kernel.numpy()
        for layer in model.layers
        if layer.name in METHODS
    }


def nonzero(model):
    return {name: np.count_nonzero(kernel) for name, kernel in kernels(model).items()}
