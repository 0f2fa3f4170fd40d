import keras
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    chain,
    ended,
    randomized,
)

from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def both(layer, **options):
    wrapper = layers.Bidirectional(layer(5, return_sequences=True), name="a", **options)
    return lambda: chain((4, 3), wrapper)


def apart():
    inputs = keras.Input((4, 3))
    wrapper = layers.Bidirectional(layers.GRU(4), merge_mode=None, name="a")
    return ended(inputs, layers.Concatenate()(wrapper(inputs)))


CASES = {
    "concat": (both(layers.LSTM), ()),
    "sum": (both(layers.GRU, merge_mode="sum"), ()),
    "mul": (both(layers.SimpleRNN, merge_mode="mul"), ()),
    "ave": (both(layers.LSTM, merge_mode="ave"), ()),
    "apart": (apart, ()),
    "each step": (
        lambda: chain(
            (4, 6, 6, 3),
            layers.TimeDistributed(layers.Conv2D(6, 3), name="a"),
            layers.TimeDistributed(layers.Flatten()),
            layers.TimeDistributed(layers.Dense(7), name="b"),
            layers.LSTM(4, name="c"),
        ),
        (),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_units_that_are_given_nothing_leave(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng, biases=False), rng, stay)


def test_constants_of_each_step_move_into_their_readers(rng):
    build, _ = CASES["each step"]
    assert_dead_units_leave(randomized(build(), rng), rng, stay=("c",))


def test_both_directions_lose_the_same_units():
    small = shrink(both(layers.LSTM)(), keep={"a/forward_layer": [0, 1]})
    wrapper = small.get_layer("a")
    assert (wrapper.forward_layer.units, wrapper.backward_layer.units) == (2, 2)
