import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    ended,
    outputs,
    randomized,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers
KEYS = {
    "last step": np.s_[:, -1],
    "some steps": np.s_[:, 1:4],
    "every other step, with a new axis": np.s_[:, None, ::2],
    "first step, from the right": np.s_[..., 0, :],
    "all, with a new axis": np.s_[:, :, None],
}


def taken(key, layer=None):
    inputs = keras.Input((5, 3))
    x = (layer or layers.Dense(6, "tanh", name="a"))(inputs)
    return ended(inputs, x[key])


@pytest.mark.parametrize("name", KEYS)
def test_cut_layer_is_the_masked_layer(name, rng):
    assert_chosen_units_stay(randomized(taken(KEYS[name]), rng), rng)


@pytest.mark.parametrize("name", KEYS)
def test_constants_of_dead_units_move_into_their_readers(name, rng):
    assert_dead_units_leave(randomized(taken(KEYS[name]), rng), rng)


def test_a_model_that_was_saved_is_cut_alike(rng, tmp_path):
    gru = layers.GRU(6, return_sequences=True, name="a")
    model = randomized(taken(np.s_[:, -1], gru), rng)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = [rng.normal(size=(2, 5, 3)).astype("float32")]
    small, again = (shrink(one, keep={"a": [1, 4]}) for one in (model, loaded))
    assert again.get_layer("a").units == 2
    np.testing.assert_array_equal(outputs(small, x), outputs(again, x))


@pytest.mark.parametrize(
    "key",
    [np.s_[..., 0], np.s_[:, :, 1:], np.s_[..., ::-1], np.s_[:, 0, None, :4]],
    ids=str,
)
def test_channels_that_are_told_apart_are_left_whole(key):
    reason = coupled_groups(taken(key))[0].reason
    assert reason.removeprefix("GetItem ").endswith("needs them all")
