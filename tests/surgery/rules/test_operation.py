import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    ended,
    randomized,
)

from tfcompress.surgery.groups import coupled_groups

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.


def written():
    inputs = keras.Input((6, 6, 3))
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1, 2, 3])(x)
    x = layers.Conv2D(8, 3, name="a")(x)
    y = layers.Conv2D(8, 1, name="b")(x)
    x = keras.ops.relu(2 * x + y - 1)
    x = keras.ops.concatenate([x, keras.ops.tanh(y)], axis=-1)
    x = keras.ops.transpose(x, (0, 2, 1, 3))
    x = keras.ops.mean(x, axis=(1, 2))
    x = layers.Dense(8, name="c")(x)
    return ended(inputs, keras.ops.reshape(x, (-1, 2, 4)))


CASES = {"operations": (written, ("c",))}


@pytest.mark.parametrize("name", CASES)
def test_cut_layer_is_the_masked_layer(name, rng):
    build, _ = CASES[name]
    assert_chosen_units_stay(randomized(build(), rng), rng)


@pytest.mark.parametrize("name", CASES)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    build, stay = CASES[name]
    assert_dead_units_leave(randomized(build(), rng), rng, stay)


@pytest.mark.parametrize(
    "operation",
    [
        lambda x: x[..., :4],
        lambda x: keras.ops.softmax(x),
        lambda x: keras.ops.mean(x, axis=-1, keepdims=True),
        lambda x: x * np.arange(6.0, dtype="float32"),
    ],
    ids=["slice", "softmax", "mean", "numbers"],
)
def test_operation_over_channels_needs_them_all(operation):
    inputs = keras.Input((5,))
    x = operation(layers.Dense(6, name="a")(inputs))
    assert not coupled_groups(ended(inputs, x))[0].is_free
