import keras
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    ended,
    randomized,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def crossed(**options):
    def build():
        inputs = keras.Input((6, 5))
        query = layers.Dense(8, name="q")(inputs)
        value = layers.Dense(7, name="v")(inputs)
        x = layers.MultiHeadAttention(4, 6, name="m", **options)(query, value)
        return ended(inputs, x)

    return build


def transformer():
    inputs = keras.Input((6, 5))
    x = layers.Dense(8, name="q")(inputs)
    y = layers.MultiHeadAttention(2, 4, name="m")(x, x, use_causal_mask=True)
    return ended(inputs, layers.Add()([x, y]))


CASES = {
    "cross": (crossed(value_dim=5), ()),
    "no bias": (crossed(use_bias=False, output_shape=9), ()),
    "self": (transformer, ()),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


def test_heads_and_their_widths_can_be_chosen():
    keep = {"m/heads": [0, 3], "m/key_dim": 0.5, "m/value_dim": [1]}
    layer = shrink(crossed(value_dim=5)(), keep=keep).get_layer("m")
    assert (layer.num_heads, layer.key_dim, layer.value_dim) == (2, 3, 1)


def test_heads_are_not_rounded_to_a_width():
    keep = {"m/heads": [0], "m/value_dim": [1]}
    layer = shrink(crossed(value_dim=5)(), keep=keep, round_to=4).get_layer("m")
    assert (layer.num_heads, layer.value_dim) == (1, 4)


def test_gated_attention_is_left_whole():
    first, *_ = coupled_groups(crossed(use_gate=True)())
    assert (
        first.reason == "MultiHeadAttention 'm' has gates, or several axes of outputs"
    )
