import keras
import numpy as np
import pytest
from shrinking import randomized

from tfcompress.surgery.shrink import shrink

layers = keras.layers
DEAD = [0, 3, 5]


def build():
    return keras.Sequential(
        [
            keras.Input((5, 5, 2)),
            layers.Conv2D(6, 2, use_bias=False, name="a"),
            layers.BatchNormalization(name="bn"),
            layers.ReLU(),
            layers.Conv2D(4, 2, activation="relu", name="b"),
            layers.Flatten(),
            layers.Dense(2, name="end"),
        ]
    )


def silence(model):
    """What a mask does after each step."""
    for variable in [
        model.get_layer("a").kernel,
        model.get_layer("bn").gamma,
        model.get_layer("bn").beta,
    ]:
        value = np.array(variable)
        value[..., DEAD] = 0
        variable.assign(value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.optimizers.SGD(0.01, momentum=0.9),
        lambda: keras.optimizers.Adam(0.01),
        lambda: keras.optimizers.RMSprop(0.01),
        lambda: keras.optimizers.Adam(0.01, use_ema=True),
        lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01)),
    ],
    ids=["SGD", "Adam", "RMSprop", "averages", "loss scale"],
)
def test_next_steps_are_those_of_the_masked_model(make, rng):
    x = rng.normal(size=(8, 5, 5, 2)).astype("float32")
    y = rng.normal(size=(8, 2)).astype("float32")
    model = randomized(build(), rng)
    model.compile(make(), "mse", run_eagerly=True)  # few steps
    for _ in range(2):
        silence(model)
        model.train_on_batch(x, y)
    silence(model)

    small = shrink(model)
    fresh = shrink(model, optimizer=False)

    for _ in range(2):
        model.train_on_batch(x, y)
        silence(model)
        small.train_on_batch(x, y)
        fresh.train_on_batch(x, y)
    assert small.get_layer("a").filters == 3
    assert int(small.optimizer.iterations) == int(model.optimizer.iterations)
    expected = model(x)
    np.testing.assert_allclose(small(x), expected, atol=1e-5)
    assert np.abs(fresh(x) - expected).max() > 1e-4


def test_slots_without_an_axis_of_their_variable_are_cut_along_the_others(rng):
    """Adafactor's means over the last axis, and over the one before."""
    model = keras.Sequential(
        [
            keras.Input((3,), dtype="int32"),
            layers.Embedding(5, 4, name="words"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(4, name="square"),
            layers.Dense(2, name="end"),
        ]
    )
    model.compile(keras.optimizers.Adafactor(), "mse", run_eagerly=True)
    model.train_on_batch(rng.integers(0, 5, (8, 3)), rng.normal(size=(8, 2)))

    small = shrink(model, keep={"words": [1, 3], "square": [0, 1, 2]})

    slots, (first, last) = memory(model), ([1, 3], [0, 1, 2])
    expected = [
        (np.s_[:], first, np.ix_(range(5), first)),  # the embeddings, 5 x 4
        (first, last, np.ix_(first, last)),  # the kernel, 4 x 4
        ((), (), last),  # its bias
        (last, np.s_[:], np.ix_(last, range(2))),  # the kernel, 4 x 2
        ((), (), np.s_[:]),  # its bias
    ]
    expected = [place for places in expected for place in places]
    assert all(np.any(slot) for slot in slots if np.ndim(slot))
    for slot, place, taken in zip(slots, expected, memory(small), strict=True):
        np.testing.assert_array_equal(taken, slot[place])


def memory(model):
    """What the optimizer holds but step count and rate, in the order of variables."""
    return [np.array(slot) for slot in model.optimizer.variables[2:]]


def test_a_model_that_was_not_trained_is_compiled_alike():
    model = build()
    model.compile("adam", "mse")
    small = shrink(model)
    assert small.compiled
    assert int(small.optimizer.iterations) == 0
