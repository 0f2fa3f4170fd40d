import itertools

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.choose_ranks import choose_ranks
from tfcompress.conversion.convert import convert
from tfcompress.conversion.output_errors import output_errors
from tfcompress.kernels.low_rank import LowRank
from tfcompress.kernels.spatial_low_rank import SpatialLowRank
from tfcompress.report.report import report


def dense(*sizes, rng=None):
    inputs, *units = sizes
    model = keras.Sequential(
        [
            keras.Input((inputs,)),
            *(
                layers.Dense(n, use_bias=False, name=f"d{i}")
                for i, n in enumerate(units)
            ),
        ]
    )
    for layer in model.layers if rng else ():  # spectra that fall, each at its own rate
        p, _, q = np.linalg.svd(layer.kernel, full_matrices=False)
        s = rng.uniform(0.5, 0.95) ** np.arange(len(q))
        layer.kernel.assign(p * s @ q)
    return model


def lost(model, small):
    """The sum over layers of the share of the energy that is lost."""
    return sum(
        np.sum((a.kernel - b.kernel) ** 2) / np.sum(np.square(a.kernel))
        for a, b in zip(model.layers, small.layers, strict=True)
    )


def test_no_ranks_of_that_size_lose_less(rng):
    model = dense(10, 12, 10, 8, rng=rng)
    shapes = [layer.kernel.shape for layer in model.layers]
    squares = [np.linalg.svd(one.kernel, compute_uv=False) ** 2 for one in model.layers]
    tails = [1 - np.cumsum(s) / s.sum() for s in squares]
    sizes = [range(1, (m * n - 1) // (m + n) + 1) for m, n in shapes]
    full = sum(m * n for m, n in shapes)
    for ratio in (0.3, 0.5, 0.8):
        small = convert(model, choose_ranks(model, ratio=ratio))
        spent = small.count_params()
        assert spent <= ratio * full
        options = [
            [(r * (m + n), tail[r - 1]) for r in ranks] + [(m * n, 0.0)]
            for (m, n), ranks, tail in zip(shapes, sizes, tails, strict=True)
        ]
        least = min(
            sum(t for _, t in choice)
            for choice in itertools.product(*options)
            if sum(c for c, _ in choice) <= spent
        )
        assert lost(model, small) == pytest.approx(least, abs=1e-5)


def test_what_matters_least_is_taken_first():
    model = dense(12, 12, 12)
    model.get_layer("d0").kernel.assign(np.eye(12))  # each rank matters alike
    model.get_layer("d1").kernel.assign(np.ones((12, 12)))  # rank 1 is all of it
    (rule,) = choose_ranks(model, ratio=0.6).rules
    assert (rule.which, rule.change.rank) == ("d1", 1)
    assert lost(model, convert(model, {"d1": rule.change})) < 1e-6


def test_bytes_hold_for_all_that_the_model_stores(rng):
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(16, 3, name="conv"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(20, name="dense"),
        ]
    )
    small = convert(model, choose_ranks(model, ratio=0.4))
    assert small.count_params() <= 0.4 * model.count_params()
    assert small.count_params() > 0.35 * model.count_params()


def test_macs_hold_where_they_are_many():
    model = keras.Sequential(
        [
            keras.Input((12, 12, 8)),
            layers.Conv2D(16, 3, name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(100, name="dense"),
        ]
    )
    recipe = choose_ranks(model, ratio=0.5, of="macs")
    assert [rule.which for rule in recipe.rules] == ["conv"]
    small = convert(model, recipe)
    assert report(small).total.macs <= 0.5 * report(model).total.macs


def test_a_convolution_is_split_where_it_loses_less(rng):
    down, across = rng.normal(size=(3, 8, 1)), rng.normal(size=(1, 3, 8))
    model = keras.Sequential(
        [keras.Input((8, 8, 8)), layers.Conv2D(8, 3, use_bias=False, name="conv")]
    )
    model.layers[0].kernel.assign(np.einsum("hcr,rwo->hwco", down, across))
    (rule,) = choose_ranks(model, ratio=0.5).rules
    assert isinstance(rule.change, SpatialLowRank)
    assert (
        convert(model, {"conv": rule.change}).layers[0].kernels["kernel"].error < 0.01
    )


def test_recurrent_layers_embeddings_and_attention_have_ranks(rng):
    words = keras.Input((6,), dtype="int32")
    x = layers.Embedding(60, 24, name="embed")(words)
    x = layers.MultiHeadAttention(2, 16, name="attend")(x, x)
    x = layers.Bidirectional(layers.LSTM(16, name="lstm"), name="both")(x)
    model = keras.Model(words, layers.Dense(9)(x))
    recipe = choose_ranks(model, ratio=0.5)
    small = convert(model, recipe)
    assert small.count_params() <= 0.5 * model.count_params()
    names = {rule.which for rule in recipe.rules}
    assert {"embed", "attend"} & names
    assert {"forward_lstm", "backward_lstm"} & names
    assert small(np.zeros((2, 6), "int32")).shape == (2, 9)


def test_outputs_decide_where_inputs_are_given(rng):
    model = dense(16, 16, 12)
    x = rng.normal(size=(200, 2)) @ rng.normal(size=(2, 16))  # in a plane
    recipe = choose_ranks(model, ratio=0.3, inputs=x)
    assert all(isinstance(rule.change, LowRank) for rule in recipe.rules)
    small = convert(model, recipe, inputs=x)
    assert max(e.of_outputs for e in output_errors(small)) < 1e-3
    np.testing.assert_allclose(small(x), model(x), atol=1e-3)


def test_only_the_layers_that_are_named_change():
    model = dense(16, 16, 16)
    (rule,) = choose_ranks(model, ratio=0.8, layers=["d1"]).rules
    assert rule.which == "d1"


def test_a_recipe_goes_through_json():
    from tfcompress.conversion.recipe import Recipe

    recipe = choose_ranks(dense(16, 16, 16), ratio=0.5)
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_a_ratio_that_ranks_cannot_reach_names_the_least():
    with pytest.raises(ValueError, match="`ratio` must be at least 0.125.*ratio=0.1"):
        choose_ranks(dense(16, 16, 16), ratio=0.1)  # rank 1 twice: 2 * 32 of 512


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ratio": 1.0}, "`ratio` must be a number in"),
        ({"ratio": 0.5, "of": "speed"}, "`of` must be one of"),
        ({"ratio": 0.5, "layers": ["head"]}, "`layers` must be names"),
        ({"ratio": 0.5, "layers": "d1"}, "`layers` must be names"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        choose_ranks(dense(16, 16, 16), **options)


def test_a_model_of_which_no_rank_pays_is_refused():
    with pytest.raises(ValueError, match="a layer for which some rank pays"):
        choose_ranks(dense(1, 5), ratio=0.5)
