"""Pruning in models of every kind: exact counts, and nothing but kernels touched."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from pruning_runs import FEW, METHODS, STEPS, Watch, fit

from tfcompress import kernels
from tfcompress import layers as hosts
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.schedules.polynomial import Polynomial

HASHED = kernels.Hashed(ratio=0.5, block_size=1)


def sequential():
    return keras.Sequential([keras.Input((8,)), layers.Dense(8), layers.Dense(4)])


def deferred():
    """Without a shape: built by `fit`."""
    return keras.Sequential([layers.Dense(8, "relu"), layers.Dense(4)])


def functional():
    inputs = keras.Input((8,))
    shared = layers.Dense(8, "relu")
    return keras.Model(inputs, layers.Dense(4)(shared(inputs) + shared(shared(inputs))))


def nested():
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(8), sequential()])
    inputs = keras.Input((8,))
    return keras.Model(inputs, inner(layers.Dense(8)(inputs)))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = {"first": layers.Dense(8, "relu"), "more": [sequential()]}

    def call(self, inputs):
        return self.parts["more"][0](self.parts["first"](inputs))


class OwnStep(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        variables = self.trainable_variables
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, variables), variables, strict=True)
        )
        return {"loss": loss}


def own_step():
    inputs = keras.Input((8,))
    return OwnStep(inputs, layers.Dense(4)(layers.Dense(8)(inputs)))


def frozen():
    model = sequential()
    model.layers[0].trainable = False
    return model


def normalized():
    parts = [layers.Dense(8), layers.BatchNormalization(), layers.Dense(4)]
    return keras.Sequential([keras.Input((8,)), *parts, layers.LayerNormalization()])


def images():
    parts = [
        layers.Reshape((4, 2, 1)),
        layers.Conv2D(4, 2, padding="same"),
        layers.DepthwiseConv2D(2, padding="same"),
        layers.SeparableConv2D(4, 2, padding="same"),
        layers.Conv2DTranspose(4, 2),
        layers.Flatten(),
    ]
    return keras.Sequential([keras.Input((8,)), *parts, layers.Dense(4)])


def sequences():
    inputs = keras.Input((8,))
    words = layers.Embedding(5, 4)(layers.Rescaling(1)(inputs))
    found = layers.Conv1D(4, 2)(words)
    found = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(found)
    found = layers.GRU(4, return_sequences=True)(found)
    found = layers.MultiHeadAttention(2, 4)(found, found)
    found = layers.TimeDistributed(layers.Dense(4))(found)
    found = layers.EinsumDense("abc,cd->abd", (None, 4))(found)
    return keras.Model(inputs, layers.SimpleRNN(4)(found))


def our_images():
    parts = [
        layers.Reshape((4, 2, 1)),
        hosts.HashedConv2D(4, 2, ratio=0.5, padding="same"),
        hosts.CompressedDepthwiseConv2D(2, kernels=HASHED, padding="same"),
        hosts.LowRankConv2D(4, 2, rank=2),
        layers.Flatten(),
        hosts.BinaryDense(8),
        hosts.LowRankDense(8, rank=2),
    ]
    return keras.Sequential(
        [keras.Input((8,)), *parts, hosts.HashedDense(4, ratio=0.5)]
    )


def our_sequences():
    inputs = keras.Input((8,))
    words = hosts.HashedEmbedding(5, 4, ratio=0.5)(inputs)
    found = hosts.HashedLSTM(4, ratio=0.5, return_sequences=True)(words)
    found = hosts.LowRankGRU(4, rank=2, return_sequences=True)(found)
    found = hosts.CompressedMultiHeadAttention(2, 4, kernels=HASHED)(found, found)
    return keras.Model(inputs, hosts.BinaryLSTM(4)(found))


# How many weights are pruned in each, counted by hand: of a low-rank kernel both
# factors, of a binary one nothing, for it has no zeros.
MODELS = {
    sequential: 2,
    deferred: 2,
    functional: 2,
    nested: 4,
    Subclassed: 3,
    own_step: 2,
    frozen: 1,
    normalized: 2,
    images: 6,
    sequences: 16,
    our_images: 7,
    our_sequences: 11,
}


def whole_numbers(model):
    words = model.__name__.endswith("sequences")
    return np.random.default_rng(0).integers(0, 5, (64, 8)) if words else None


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_every_kernel_of_a_model_is_pruned_and_nothing_else(kind):
    model, watch = kind(), Watch()
    model.compile(keras.optimizers.Adam(0.01), "mse")
    prune = PruneLowMagnitude(Polynomial(0.5, frequency=3))

    words = whole_numbers(kind)
    fit(model, prune, watch, **({} if words is None else {"x": words}))

    assert (watch.violations, watch.watched) == (0, 3 * STEPS)
    variables = {v.path: v for v in model.trainable_variables}
    rows = prune.summary()
    assert len(rows) == MODELS[kind]
    for path, variable in variables.items():
        zeros = int(np.count_nonzero(variable.numpy() == 0))
        size = int(np.prod(variable.shape))
        assert zeros == (size - round(size / 2) if path in rows else 0), path


def test_gradients_are_seen_in_a_model_that_fit_has_to_build():
    model, watch, prune = deferred(), Watch(), METHODS["gradient"]()
    model.compile("adam", "mse")

    fit(model, watch, prune)

    assert (watch.violations, prune.sparsity) == (0, 0.75)


def test_masks_hold_on_embeddings_and_recurrent_layers_whatever_the_method():
    inputs = keras.Input((8,))
    found = [
        layers.GRU(8, name=f"{name}_gru")(layers.Embedding(8, 4, name=name)(inputs))
        for name in FEW
    ]
    model = keras.Model(inputs, layers.Dense(4)(layers.add(found)))
    model.compile("adam", "mse")
    prunes = [METHODS[name](which=[name, f"{name}_gru"]) for name in FEW]
    watch = Watch()

    fit(model, *prunes, watch, x=whole_numbers(sequences))

    assert (watch.violations, watch.watched) == (0, 3 * STEPS)
    assert {prune.sparsity for prune in prunes} == {0.75}
