import keras
import numpy as np
import pytest
from shrinking import (
    assert_chosen_units_stay,
    assert_dead_units_leave,
    batch,
    chain,
    outputs,
    randomized,
    sizes,
)

from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.

CASES = {
    "batch": (
        lambda: chain(
            (6, 3),
            layers.Conv1D(8, 3, name="a"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv1D(6, 2, name="b"),
            layers.BatchNormalization(scale=False, center=False),
        ),
        (),
    ),
    "over steps": (
        lambda: chain(
            (6, 3), layers.Dense(8, name="a"), layers.LayerNormalization(axis=1)
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


def test_channel_whose_scale_is_zero_gives_its_shift(rng):
    model = randomized(
        chain((3,), layers.Dense(4, name="a"), layers.BatchNormalization(name="bn")),
        rng,
    )
    gamma = np.array(model.get_layer("bn").gamma)
    model.get_layer("bn").gamma.assign(gamma * [1, 0, 1, 0])
    inputs = batch(model, rng)
    small = shrink(model)
    assert sizes(small)["a"] == 2
    np.testing.assert_allclose(
        outputs(small, inputs)[0], outputs(model, inputs)[0], atol=1e-5
    )


def test_small_scale_counts_as_zero_up_to_the_threshold(rng):
    model = randomized(
        chain((3,), layers.Dense(4, name="a"), layers.BatchNormalization(name="bn")),
        rng,
    )
    for layer in model.layers[1:]:
        layer.set_weights([np.ones(w.shape) for w in layer.get_weights()])
    model.get_layer("bn").gamma.assign([1, 0.01, 1, 1])
    assert sizes(shrink(model, threshold=0.01))["a"] == 3


@pytest.mark.parametrize(
    "layer",
    [
        layers.LayerNormalization(),
        layers.RMSNormalization(),
        layers.GroupNormalization(2),
        layers.UnitNormalization(),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_what_is_normalized_over_is_left_whole(layer):
    first, _ = coupled_groups(chain((3,), layers.Dense(4, name="a"), layer))
    assert "normalizes over them" in first.reason


@pytest.mark.parametrize("kind", ["LayerNormalization", "RMSNormalization"])
def test_layer_normalization_is_cut_by_choice(kind, rng):
    layer = getattr(layers, kind)()
    model = randomized(chain((3,), layers.Dense(4, name="a"), layer), rng)
    small = shrink(model, keep={"a": [0, 2]}, approximate=True)
    assert sizes(small)["a"] == 2
    gamma, *_ = small.layers[2].weights
    before, *_ = model.layers[2].weights
    np.testing.assert_array_equal(gamma, np.array(before)[[0, 2]])
