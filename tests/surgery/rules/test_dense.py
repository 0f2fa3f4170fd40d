import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    chain,
    ended,
    randomized,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def embedded():
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(20, 8, name="a")(inputs)
    return ended(inputs, x)


CASES = {
    "vectors": (
        lambda: chain(
            (5,),
            layers.Dense(8, "sigmoid", name="a"),
            layers.Dropout(0.1),
            layers.Dense(6, "tanh", use_bias=False, name="b"),
        ),
        (),
    ),
    "sequences": (
        lambda: chain((4, 5), layers.Dense(8, name="a"), layers.Dense(6, name="b")),
        (),
    ),
    "embedding": (embedded, ()),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


def test_reader_without_a_bias_is_given_one(rng):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(2, "sigmoid", name="a"),
            layers.Dense(1, use_bias=False, name="b"),
        ]
    )
    model.set_weights([np.array([[0, 1], [0, 1]]), np.zeros(2), np.array([[4], [1]])])
    small = shrink(model)
    assert small.get_layer("b").use_bias
    np.testing.assert_allclose(small.get_layer("b").bias, [2])  # 4 sigmoid(0)


def test_layer_loses_no_outputs_that_its_activation_mixes():
    model = chain((3,), layers.Dense(4, "softmax", name="a"))
    first, _ = coupled_groups(model)
    assert first.reason == "the activation of Dense 'a' works on all at once"
