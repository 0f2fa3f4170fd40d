import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    chain,
    randomized,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.

CASES = {
    "image to row to image": (
        lambda: chain(
            (4, 4, 2),
            layers.Conv2D(6, 1, name="a"),
            layers.Flatten(),
            layers.Dense(12, name="b"),
            layers.Reshape((2, 2, 3)),
            layers.Conv2D(4, 1, name="c"),
            layers.Reshape((-1, 4)),
            layers.Permute((2, 1)),
        ),
        ("b",),  # several units with constants of their own make one channel
    ),
    "repeated": (
        lambda: chain(
            (3,),
            layers.Dense(6, name="a"),
            layers.RepeatVector(3),
            layers.Conv1D(4, 2, name="b"),
        ),
        (),
    ),
    "any size": (
        lambda: keras.Sequential(
            [
                keras.Input((4, 4, 2)),
                layers.Conv2D(6, 1, name="a"),
                layers.Reshape((-1, 6)),
                layers.GlobalAveragePooling1D(),
                layers.Dense(2, name="end"),
            ]
        ),
        (),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


def test_reshape_is_rewritten():
    model = CASES["image to row to image"][0]()
    small = shrink(model, keep={"b": [0, 2, 3, 5, 6, 8, 9, 11]})
    reshape = next(x for x in small.layers if isinstance(x, layers.Reshape))
    assert tuple(reshape.target_shape) == (2, 2, 2)


def test_channels_go_through_a_reshape_of_images_of_any_size():
    inputs = keras.Input((None, None, 2))
    x = layers.Conv2D(6, 1, name="a")(inputs)
    x = layers.Reshape((-1, 6))(x)
    x = layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, layers.Dense(2)(x))
    assert coupled_groups(model)[0].is_free
    assert shrink(model, keep={"a": 0.5})(np.ones((1, 3, 3, 2))).shape == (1, 2)


def test_units_that_are_one_channel_of_a_reshape_must_be_kept_together():
    model = CASES["image to row to image"][0]()
    with pytest.raises(ValueError, match=r"`keep\['b'\]` must keep all.*`Reshape`"):
        shrink(model, keep={"b": [0, 1, 2]})
