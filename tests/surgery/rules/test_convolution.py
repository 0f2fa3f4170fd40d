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

from tfcompress.surgery.shrink import shrink

layers = keras.layers

# A model, and its groups whose dead units stay because their constant is none for what
# reads them.

CASES = {
    "1D": (
        lambda: chain(
            (9, 3),
            layers.Conv1D(8, 3, activation="sigmoid", name="a"),
            layers.Conv1D(6, 2, strides=2, name="b"),
        ),
        (),
    ),
    "2D": (
        lambda: chain(
            (8, 8, 3),
            layers.Conv2D(8, 3, padding="same", activation="elu", name="a"),
            layers.Conv2D(6, 3, dilation_rate=2, use_bias=False, name="b"),
            layers.BatchNormalization(),
            layers.Conv2D(5, 1, padding="same", name="c"),
        ),
        (),
    ),
    "3D": (
        lambda: chain(
            (5, 5, 5, 2),
            layers.Conv3D(6, 3, activation="relu", name="a"),
            layers.Conv3D(4, 2, name="b"),
        ),
        (),
    ),
    "beside padding": (
        lambda: chain(
            (6, 3),
            layers.Conv1D(8, 3, name="a"),
            layers.Conv1D(6, 3, padding="causal", name="b"),
        ),
        ("a",),
    ),
    "depthwise 1D": (
        lambda: chain(
            (9, 3),
            layers.Conv1D(8, 1, name="a"),
            layers.DepthwiseConv1D(3, depth_multiplier=2, name="d"),
            layers.Conv1D(6, 1, name="b"),
        ),
        (),
    ),
    "depthwise 2D": (
        lambda: chain(
            (6, 6, 3),
            layers.Conv2D(8, 1, name="a"),
            layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(6, 1, name="b"),
        ),
        (),
    ),
    "separable 1D": (
        lambda: chain(
            (9, 3),
            layers.SeparableConv1D(8, 3, name="a"),
            layers.Conv1D(6, 1, name="b"),
        ),
        (),
    ),
    "separable 2D": (
        lambda: chain(
            (8, 8, 3),
            layers.Conv2D(8, 1, name="a"),
            layers.SeparableConv2D(10, 3, depth_multiplier=2, name="d"),
            layers.SeparableConv2D(6, 3, activation="relu", name="b"),
        ),
        (),
    ),
    "groups": (
        lambda: chain(
            (6, 6, 3),
            layers.Conv2D(8, 1, name="a"),
            layers.Conv2D(12, 3, groups=4, activation="sigmoid", name="g"),
            layers.Conv2D(6, 1, name="b"),
        ),
        (),
    ),
    "transposed 1D": (
        lambda: chain(
            (4, 3),
            layers.Conv1DTranspose(8, 3, strides=2, name="a"),
            layers.Conv1DTranspose(6, 2, name="b"),
        ),
        ("a",),
    ),
    "transposed 2D": (
        lambda: chain(
            (4, 4, 3),
            layers.Conv2DTranspose(8, 3, strides=2, activation="relu", name="a"),
            layers.Conv2D(6, 2, name="b"),
        ),
        (),
    ),
    "transposed 3D": (
        lambda: chain((3, 3, 3, 2), layers.Conv3DTranspose(6, 2, name="a")),
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


def test_constant_beside_padding_stays_unless_it_is_zero(rng):
    model = randomized(
        chain(
            (6, 3),
            layers.Conv1D(4, 1, activation="relu", name="a"),
            layers.Conv1D(2, 3, padding="same", name="b"),
        ),
        rng,
    )
    first = model.get_layer("a")
    first.kernel.assign(np.array(first.kernel) * [0, 0, 1, 1])
    first.bias.assign([1.0, -1.0, 1.0, 1.0])  # relu: 1 and 0
    inputs = batch(model, rng)

    small = shrink(model)

    assert sizes(small)["a"] == 3
    np.testing.assert_allclose(
        outputs(small, inputs)[0], outputs(model, inputs)[0], atol=1e-5
    )


def test_whole_groups_leave_a_grouped_convolution():
    model = chain(
        (6, 6, 3),
        layers.Conv2D(8, 1, name="a"),
        layers.Conv2D(12, 3, groups=4, name="g"),
    )
    small = shrink(model, keep={"g": [0, 1, 2, 9, 10, 11]})
    assert (small.get_layer("g").groups, small.get_layer("g").filters) == (2, 6)
    assert small.get_layer("a").filters == 4


def test_constant_goes_into_the_mean_of_a_normalization_instead_of_a_new_bias(rng):
    model = randomized(
        chain(
            (6, 6, 3),
            layers.Conv2D(4, 1, activation="sigmoid", name="a"),
            layers.Conv2D(4, 1, use_bias=False, name="b"),
            layers.BatchNormalization(),
        ),
        rng,
    )
    kernel = np.array(model.get_layer("a").kernel)
    model.get_layer("a").kernel.assign(kernel * [0, 1, 1, 1])
    small = shrink(model)
    assert not small.get_layer("b").use_bias
    assert sizes(small)["a"] == 3
