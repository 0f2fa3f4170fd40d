import keras
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    chain,
    randomized,
)

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.

CASES = {
    "one matrix": (
        lambda: chain(
            (4, 5),
            layers.EinsumDense("...x,xy->...y", 7, bias_axes="y", name="a"),
            layers.EinsumDense("abx,xy->aby", (4, 6), activation="relu", name="b"),
        ),
        (),
    ),
    "heads": (
        lambda: chain(
            (4, 5),
            layers.EinsumDense("abc,cde->abde", (4, 3, 6), bias_axes="de", name="a"),
            layers.EinsumDense("abde,dec->abc", (4, 8), bias_axes="c", name="b"),
        ),
        ("a",),  # each head has a bias of its own
    ),
    "a weight for each": (
        lambda: chain(
            (5,),
            layers.Dense(8, name="a"),
            layers.EinsumDense("ab,b->ab", 8, bias_axes="b", name="b"),
        ),
        ("a",),
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
