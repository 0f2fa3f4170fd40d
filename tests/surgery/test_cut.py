import keras
import numpy as np
import pytest
from shrinking import assert_saves, chain, outputs, randomized

from tfcompress.surgery.shrink import shrink

layers = keras.layers


def test_smaller_model_is_ordinary(rng, tmp_path):
    model = randomized(
        chain((6, 6, 3), layers.Conv2D(4, 3, name="a"), layers.BatchNormalization()),
        rng,
    )
    model.get_layer("a").trainable = False
    small = shrink(model, keep={"a": [1, 3]})
    assert [layer.name for layer in small.layers] == [x.name for x in model.layers]
    assert not small.get_layer("a").trainable
    assert_saves(small, tmp_path / "small.keras", rng)


def test_weights_that_stay_are_the_same_bits(rng):
    model = randomized(chain((3,), layers.Dense(4, name="a")), rng)
    small = shrink(model, keep={"a": [2, 0]})
    first, second = model.get_layer("a"), small.get_layer("a")
    np.testing.assert_array_equal(second.kernel, np.array(first.kernel)[:, [0, 2]])
    np.testing.assert_array_equal(second.bias, np.array(first.bias)[[0, 2]])


def test_the_model_that_is_given_stays_as_it_was(rng):
    model = randomized(chain((3,), layers.Dense(4, name="a")), rng)
    before = model.get_weights()
    shrink(model, keep={"a": [0]}, merge=True)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def assert_constant_unit_leaves(model, rng):
    """The first of four units of `a` is made constant, and leaves; outputs stay."""
    randomized(model, rng)
    kernel = np.array(model.get_layer("a").kernel)
    model.get_layer("a").kernel.assign(kernel * [0, 1, 1, 1])
    batch = [rng.normal(size=(2, 3)).astype("float32")]

    small = shrink(model)

    assert small.get_layer("a").units == 3
    for a, b in zip(outputs(model, batch), outputs(small, batch), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_normalization_whose_input_is_an_output_too_does_not_take_the_constant(rng):
    inputs = keras.Input((3,))
    x = layers.Dense(4, "sigmoid", name="a")(inputs)
    x = layers.Dense(2, use_bias=False, name="b")(x)
    model = keras.Model(inputs, [x, layers.BatchNormalization()(x)])
    assert_constant_unit_leaves(model, rng)


@pytest.mark.parametrize("twice", ["b", "norm"])
def test_a_normalization_does_not_take_the_constant_of_one_call_among_two(twice, rng):
    inputs = keras.Input((3,))
    x = layers.Dense(4, "sigmoid", name="a")(inputs)
    names = ["b", "b"] if twice == "b" else ["b", "c"]
    dense = {name: layers.Dense(2, use_bias=False, name=name) for name in names}
    norm = layers.BatchNormalization()
    other = norm if twice == "norm" else layers.BatchNormalization()
    ends = [norm(dense[names[0]](x)), other(dense[names[1]](x))]
    assert_constant_unit_leaves(keras.Model(inputs, ends), rng)


def test_lambda_layers_run_on_in_a_model_that_is_cut_elsewhere(rng):
    model = chain(
        (3,),
        layers.Dense(6, name="a"),
        layers.Dense(4, name="b"),
        layers.Lambda(lambda x: x + np.float32(1)),
    )
    small = shrink(model, keep={"a": [0, 1, 2, 3, 4]})
    assert (small.get_layer("a").units, small.get_layer("b").units) == (5, 4)
    assert small(np.ones((1, 3))).shape == (1, 3)


def test_mixed_precision_is_kept(rng):
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = randomized(chain((3,), layers.Dense(4, name="a")), rng)
    small = shrink(model, keep={"a": [0]})
    assert small.get_layer("a").compute_dtype == "bfloat16"
