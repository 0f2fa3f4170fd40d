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


def convolved(rank, *others):
    convolution = getattr(layers, f"Conv{rank}D")
    shape = (6,) * rank + (2,)
    return chain(shape, convolution(6, 1, name="a"), *others)


CASES = {
    **{
        f"pooling {rank}D": (
            lambda rank=rank: convolved(
                rank,
                getattr(layers, f"MaxPooling{rank}D")(2, padding="same"),
                getattr(layers, f"AveragePooling{rank}D")(2, padding="same"),
                getattr(layers, f"UpSampling{rank}D")(2),
                getattr(layers, f"Cropping{rank}D")(1),
            ),
            (),
        )
        for rank in (1, 2, 3)
    },
    **{
        f"global {rank}D": (
            lambda rank=rank, kind=kind, keep=keep: convolved(
                rank, getattr(layers, f"Global{kind}Pooling{rank}D")(keepdims=keep)
            ),
            (),
        )
        for rank, kind, keep in [(1, "Max", False), (2, "Average", True)]
    },
    "padding": (lambda: convolved(2, layers.ZeroPadding2D(1)), ("a",)),
    "resizing": (lambda: convolved(2, layers.Resizing(3, 3)), ()),
}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)
