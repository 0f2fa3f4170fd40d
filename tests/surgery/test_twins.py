import keras
import numpy as np
from shrinking import assert_equal_outputs, batch, chain, randomized, sizes

from tfcompress.surgery.shrink import shrink

layers = keras.layers


def same(layer, unit, other):
    """Gives a unit all the weights of another."""
    for variable in layer.weights:
        value = np.array(variable)
        value[..., other] = value[..., unit]
        variable.assign(value)


def test_units_with_the_same_weights_are_merged(rng):
    model = chain(
        (6, 3),
        layers.Conv1D(5, 2, activation="relu", name="a"),
        layers.BatchNormalization(name="bn"),
        layers.Flatten(),
        layers.Dense(4, name="b"),
    )
    randomized(model, rng)
    same(model.get_layer("a"), 0, 3)
    same(model.get_layer("bn"), 0, 3)

    small = shrink(model, merge=True)

    assert sizes(small)["a"] == 4
    assert_equal_outputs(model, small, batch(model, rng))


def test_a_zero_is_the_same_with_either_sign():
    model = chain((2,), layers.Dense(2, name="a"))
    model.get_layer("a").kernel.assign([[0.0, -0.0], [1.0, 1.0]])
    assert sizes(shrink(model, merge=True))["a"] == 1


def test_units_are_not_merged_without_the_wish_nor_if_one_weight_differs(rng):
    model = randomized(
        chain((3,), layers.Dense(4, name="a"), layers.BatchNormalization(name="bn")),
        rng,
    )
    same(model.get_layer("a"), 0, 3)
    assert sizes(shrink(model, merge=True))["a"] == 4  # the normalization differs
    same(model.get_layer("bn"), 0, 3)
    assert sizes(shrink(model))["a"] == 4
    assert sizes(shrink(model, merge=True))["a"] == 3


def test_units_of_a_recurrent_layer_are_merged_with_what_they_tell_the_others(rng):
    model = randomized(chain((5, 2), layers.GRU(4, name="a")), rng)
    for variable in model.get_layer("a").weights:
        value = np.array(variable)
        value[..., 3::4] = value[..., 0::4]
        variable.assign(value)
    small = shrink(model, merge=True)
    assert sizes(small)["a"] == 3
    assert_equal_outputs(model, small, batch(model, rng))


def test_heads_with_the_same_weights_are_merged(rng):
    inputs = keras.Input((4, 6))
    x = layers.MultiHeadAttention(3, 2, name="m")(inputs, inputs)
    model = randomized(keras.Model(inputs, layers.Dense(2)(x)), rng)
    for name in ("query", "key", "value"):
        for variable in getattr(model.get_layer("m"), f"{name}_dense").weights:
            value = np.array(variable)
            value[..., 2, :] = value[..., 1, :]
            variable.assign(value)
    small = shrink(model, merge=True)
    assert small.get_layer("m").num_heads == 2
    assert_equal_outputs(model, small, batch(model, rng))
