import keras
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

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.

CASES = {
    "one number": (
        lambda: chain(
            (5,),
            layers.Dense(6, name="a"),
            layers.LeakyReLU(),
            layers.GaussianNoise(0.1),
            layers.Activation("tanh"),
            layers.Rescaling(2.0, offset=1.0),
            layers.Dense(6, name="b"),
            layers.ELU(),
        ),
        (),
    ),
    "slopes": (
        lambda: chain(
            (6, 6, 2),
            layers.Conv2D(6, 3, name="a"),
            layers.PReLU(shared_axes=[1, 2]),
            layers.SpatialDropout2D(0.2),
            layers.Conv2D(6, 2, name="b"),
            layers.PReLU(),
        ),
        ("b",),  # slopes of its own at each place
    ),
    "softmax over steps": (
        lambda: chain((4, 3), layers.Dense(6, name="a"), layers.Softmax(axis=1)),
        ("a",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", ["one number"])
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


def nested():
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, name="a")(inputs)
    inside = keras.Input((4, 4, 8))
    y = layers.Conv2D(5, 1, name="b")(inside)
    inner = keras.Model(inside, layers.Conv2D(8, 3, padding="same")(y), name="inner")
    chained = keras.Sequential(
        [keras.Input((4, 4, 8)), layers.Conv2D(6, 1, name="c"), layers.ReLU()],
        name="chained",
    )
    return ended(inputs, chained(layers.Add()([inner(x), inner(inner(x))])))


def test_nested_models_are_cut_inside_and_their_inputs_too(rng):
    small = assert_chosen_units_stay(randomized(nested(), rng), rng)
    assert small.get_layer("inner").input_shape == (None, 4, 4, 4)
    assert small.get_layer("chained").input_shape == (None, 4, 4, 4)


def shared():
    inputs = keras.Input((5,))
    twice = layers.Dense(8, "relu", name="b")
    return ended(inputs, twice(twice(layers.Dense(8, name="a")(inputs))))


def test_layer_that_is_called_twice_is_cut_once(rng):
    small = assert_chosen_units_stay(randomized(shared(), rng), rng)
    assert sizes(small) == {"a": 4, "end": 3}


def test_softmax_over_channels_needs_them_all():
    model = chain((3,), layers.Dense(4, name="a"), layers.Softmax())
    assert "needs them all" in coupled_groups(model)[0].reason


def test_a_noise_shape_that_names_the_channels_needs_them_all():
    dropout = layers.Dropout(0.5, noise_shape=(None, 1, 4))
    model = chain((3, 3), layers.Dense(4, name="a"), dropout)
    assert "a shape for its noise" in coupled_groups(model)[0].reason
