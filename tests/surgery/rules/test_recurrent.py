import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    chain,
    ended,
    randomized,
    sizes,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def masked():
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(20, 8, mask_zero=True, name="e")(inputs)
    return ended(inputs, layers.LSTM(6, name="a")(x))


def translated():
    inputs = keras.Input((6, 3)), keras.Input((6, 3))
    _, *states = layers.LSTM(8, return_state=True, name="a")(inputs[0])
    x = layers.LSTM(8, return_sequences=True, name="b")(inputs[1], initial_state=states)
    return ended(inputs, x)


def sequence(layer):
    return lambda: chain((5, 3), layer(6, return_sequences=True, name="a"))


CASES = {
    "SimpleRNN": (sequence(layers.SimpleRNN), ()),
    "LSTM": (sequence(layers.LSTM), ()),
    "GRU": (sequence(layers.GRU), ()),
    "GRU as of old": (
        lambda: chain((5, 3), layers.GRU(6, reset_after=False, name="a")),
        (),
    ),
    "stack": (
        lambda: chain(
            (5, 3),
            layers.Dense(7, name="d"),
            layers.GRU(6, return_sequences=True, use_bias=False, name="a"),
            layers.LSTM(4, unroll=True, go_backwards=True, name="b"),
        ),
        (),
    ),
    "mask": (masked, ()),
    "encoder and decoder": (translated, ("a",)),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_units_that_are_given_nothing_leave(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng, biases=False), rng, stay)


@pytest.mark.parametrize("layer", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_units_with_a_bias_stay_for_their_state_takes_time(layer, rng):
    model = randomized(sequence(layer)(), rng)
    assert_dead_units_leave(model, rng, stay=("a",))


def test_state_that_another_unit_feeds_is_not_zero(rng):
    model = randomized(sequence(layers.SimpleRNN)(), rng, biases=False)
    cell = model.get_layer("a").cell
    kernel = np.array(cell.kernel)
    kernel[:, 0] = 0  # but its recurrent weights are not
    cell.kernel.assign(kernel)
    assert sizes(shrink(model))["a"] == 6


def test_layer_that_keeps_its_states_is_left_whole():
    inputs = keras.Input(batch_shape=(2, 5, 3))
    model = ended(inputs, layers.LSTM(4, stateful=True, name="a")(inputs))
    first, _ = coupled_groups(model)
    assert first.reason == "LSTM 'a' keeps its states between calls"
