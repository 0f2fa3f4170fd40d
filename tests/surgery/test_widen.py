import keras
import numpy as np
import pytest
from shrinking import assert_equal_outputs, batch, chain, ended, randomized

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.surgery.shrink import shrink
from tfcompress.surgery.widen import widen

LAYERS = keras.layers


def residual():
    inputs = keras.Input((8, 8, 2))
    x = LAYERS.Conv2D(3, 3, padding="same", name="a")(inputs)
    x = LAYERS.ReLU()(LAYERS.BatchNormalization()(x))
    x = LAYERS.Add()([x, LAYERS.Conv2D(3, 3, padding="same", name="b")(x)])
    return ended(inputs, LAYERS.MaxPooling2D()(x))


def attention():
    inputs = keras.Input((5, 4))
    layer = LAYERS.MultiHeadAttention(2, 3, value_dim=2, name="a")
    return ended(inputs, layer(inputs, inputs))


CASES = {
    "dense": (lambda: chain((4,), LAYERS.Dense(3, "tanh", name="a")), "a", 8),
    "residual": (residual, "b", 7),
    "depthwise": (
        lambda: chain(
            (6, 6, 2), LAYERS.Conv2D(3, 3, name="a"), LAYERS.DepthwiseConv2D(3)
        ),
        "a",
        5,
    ),
    "lstm": (lambda: chain((5, 2), LAYERS.LSTM(3, name="a")), "a", 5),
    "gru": (lambda: chain((5, 2), LAYERS.GRU(3, name="a")), "a", 4),
    "heads": (attention, "a/heads", 3),
    "values": (attention, "a/value_dim", 5),
    "low rank": (
        lambda: chain(
            (6,), CompressedDense(5, kernel=LowRank(rank=2, must_pay=False), name="a")
        ),
        "a",
        9,
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_outputs_stay(case, rng):
    make, name, units = CASES[case]
    model = randomized(make(), rng)
    before = model.count_params()

    wide = widen(model, name, units)

    assert wide.count_params() > before == model.count_params()
    assert_equal_outputs(model, wide, batch(model, rng))


def test_copies_share_what_is_read_of_the_unit_and_not_equally(rng):
    model = randomized(chain((4,), LAYERS.Dense(1, "relu", name="a")), rng)
    wide = widen(model, "a", 3)
    kernel = model.get_layer("a").kernel.numpy()
    np.testing.assert_array_equal(wide.get_layer("a").kernel, np.repeat(kernel, 3, 1))
    read = wide.get_layer("end").kernel.numpy()
    np.testing.assert_allclose(
        read.sum(0), model.get_layer("end").kernel.numpy()[0], 1e-5
    )
    shares = read[:, 0] / read[:, 0].sum()
    assert shares.min() > 0.1
    assert len(np.unique(shares.round(4))) == 3


def test_layers_that_are_added_become_wider_together(rng):
    wide = widen(randomized(residual(), rng), "b", 7)
    assert [wide.get_layer(name).filters for name in "ab"] == [7, 7]


def test_merging_the_copies_again_is_the_inverse(rng):
    model = randomized(chain((4,), LAYERS.Dense(3, "relu", name="a")), rng)
    again = shrink(widen(model, "a", 8), merge=True)
    assert again.get_layer("a").units == 3
    assert_equal_outputs(model, again, batch(model, rng))


def test_copies_learn_apart(rng):
    wide = widen(
        randomized(chain((4,), LAYERS.Dense(1, "tanh", name="a")), rng), "a", 2
    )
    wide.compile("sgd", "mse")
    wide.fit(rng.normal(size=(8, 4)), rng.normal(size=(8, 3)), epochs=5, verbose=0)
    first, second = wide.get_layer("a").kernel.numpy().T
    assert np.abs(first - second).max() > 1e-4


def test_the_same_seed_draws_the_same(rng):
    model = randomized(chain((4,), LAYERS.Dense(3, name="a")), rng)
    one, same, other = (
        widen(model, "a", 8, seed=seed).get_layer("end").kernel.numpy()
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize(
    ("make", "name", "match"),
    [
        (CASES["dense"][0], "other", r"name one that makes units: \['a', 'end'\]"),
        (CASES["dense"][0], "end", r"copied exactly \(outputs of the model\)"),
        (attention, "a/key_dim", "copies would count twice"),
        (
            lambda: chain((4,), LAYERS.Dense(3, name="a"), LAYERS.LayerNormalization()),
            "a",
            "LayerNormalization",
        ),
    ],
)
def test_units_that_cannot_be_copied_are_refused(make, name, match):
    with pytest.raises(ValueError, match=match):
        widen(make(), name, 9)


@pytest.mark.parametrize("units", [3, 2, 4.0])
def test_fewer_units_are_refused(units):
    with pytest.raises(ValueError, match="`units` must be an integer of at least 4"):
        widen(CASES["dense"][0](), "a", units)
