import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    ended,
    randomized,
    sizes,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def joined():
    inputs = keras.Input((5,))
    a, b, c = (layers.Dense(8, "relu", name=name)(inputs) for name in "abc")
    x = layers.Subtract()([layers.Add()([a, b]), c])
    y = layers.Maximum()([a, c])
    z = layers.Average()([x, layers.Minimum()([b, y])])
    return ended(inputs, layers.Concatenate()([z, layers.Dense(4, name="d")(y)]))


def gated():
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, name="a")(inputs)
    gate = layers.GlobalAveragePooling2D()(x)
    gate = layers.Dense(4, "relu", name="b")(gate)
    gate = layers.Dense(8, "sigmoid", name="c")(gate)
    x = layers.Multiply()([x, layers.Reshape((1, 1, 8))(gate)])
    return ended(inputs, x)


def over_steps():
    inputs = keras.Input((5, 3))
    a, b = (layers.Dense(6, name=name)(inputs) for name in "ab")
    return ended(inputs, layers.Concatenate(axis=1)([a, b]))


CASES = {"joined": (joined, ()), "gated": (gated, ()), "steps": (over_steps, ("a",))}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


def test_layers_that_are_joined_are_cut_alike(rng):
    small = shrink(joined(), keep={"a": [1, 2, 5]})
    assert [small.get_layer(name).units for name in "abcd"] == [3, 3, 3, 4]


def test_a_product_with_zero_is_zero(rng):
    model = randomized(gated(), rng)
    layer = model.get_layer("a")
    layer.kernel.assign(np.array(layer.kernel) * ([0] * 2 + [1] * 6))
    layer.bias.assign(np.array(layer.bias) * ([0] * 2 + [1] * 6))  # 0 times the gate
    assert sizes(shrink(model))["a"] == 6


def test_what_cannot_leave_holds_what_is_added_to_it():
    inputs = keras.Input((5,))
    x = layers.Add()([inputs, layers.Dense(5, name="a")(inputs)])
    first, _ = coupled_groups(ended(inputs, x))
    assert first.reason == "joined with channels that cannot leave"
