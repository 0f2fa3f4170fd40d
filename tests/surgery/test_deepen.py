import keras
import numpy as np
import pytest
from shrinking import assert_equal_outputs, batch, chain, ended, randomized

from tfcompress.surgery.deepen import deepen

LAYERS = keras.layers


def normalized():
    inputs = keras.Input((6, 5, 2))
    x = LAYERS.Conv2D(3, 3, use_bias=False)(inputs)
    x = LAYERS.Activation("relu", name="a")(LAYERS.BatchNormalization()(x))
    return ended(inputs, LAYERS.Add()([x, LAYERS.Conv2D(3, 1)(x)]))


def sequential():
    return keras.Sequential(
        [
            keras.Input((4,), name="pixels"),
            LAYERS.Dense(3, "relu6", name="a"),
            LAYERS.Dense(2),
        ],
        name="mine",
    )


CASES = {
    "dense": lambda: chain((4,), LAYERS.Dense(3, "relu", name="a")),
    "linear": lambda: chain((4,), LAYERS.Dense(3, name="a")),
    "sequential": sequential,
    "sequences": lambda: chain((5, 4), LAYERS.Dense(3, "relu", name="a")),
    "conv1d": lambda: chain((7, 2), LAYERS.Conv1D(3, 3, activation="relu", name="a")),
    "conv2d": lambda: chain((7, 6, 2), LAYERS.Conv2D(3, 3, 2, "same", name="a")),
    "conv3d": lambda: chain((4, 4, 4, 1), LAYERS.Conv3D(2, 2, name="a")),
    "after a normalization": normalized,
    "relu": lambda: chain((4,), LAYERS.Dense(3), LAYERS.ReLU(name="a")),
    "relu6": lambda: chain((4,), LAYERS.Dense(3), LAYERS.ReLU(6.0, name="a")),
}


@pytest.mark.parametrize("kernel_size", [2, 3])
@pytest.mark.parametrize("case", list(CASES))
def test_outputs_stay(case, kernel_size, rng):
    model = randomized(CASES[case](), rng)
    before = [layer.name for layer in model.layers]

    deep = deepen(model, "a", kernel_size=kernel_size, name="new")

    assert [layer.name for layer in model.layers] == before
    names = [layer.name for layer in deep.layers]
    assert names.index("new") == names.index("a") + 1
    assert deep.get_layer("new").trainable_weights
    assert_equal_outputs(model, deep, batch(model, rng))


def test_the_weights_are_its_own_and_train(rng):
    model = randomized(CASES["dense"](), rng)
    before = model.get_weights()
    deep = deepen(model, "a")
    deep.compile("sgd", "mse")
    x, y = rng.normal(size=(8, 4)), rng.normal(size=(8, 3))

    deep.fit(x, y, verbose=0)

    for old, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)
    kernel = deep.get_layer("a_deeper").kernel.numpy()
    assert (kernel != np.eye(3)).any()


def test_it_keeps_its_names_and_saves(rng, tmp_path):
    deep = deepen(randomized(sequential(), rng), "a")
    assert (deep.name, type(deep)) == ("mine", keras.Sequential)
    deep.save(tmp_path / "deep.keras")
    loaded = keras.models.load_model(tmp_path / "deep.keras")
    x = batch(deep, rng)[0]
    np.testing.assert_array_equal(loaded(x), deep(x))


@pytest.mark.parametrize(
    "layer",
    [
        LAYERS.Dense(3, "tanh", name="a"),
        LAYERS.ReLU(negative_slope=0.1, name="a"),
        LAYERS.ReLU(max_value=2.0, name="a"),
        LAYERS.BatchNormalization(name="a"),
    ],
)
def test_other_activations_are_refused(layer):
    with pytest.raises(ValueError, match="an activation that changes nothing twice"):
        deepen(chain((4,), layer), "a")


def test_layers_that_cannot_be_followed_are_refused(rng):
    with pytest.raises(ValueError, match="`layer` must be one of"):
        deepen(CASES["dense"](), "other")
    with pytest.raises(ValueError, match="`name` must be one that no layer has"):
        deepen(CASES["dense"](), "a", name="end")
    first = LAYERS.Conv2D(2, 3, data_format="channels_first", name="a")
    inputs = keras.Input((2, 6, 6))
    twice = LAYERS.Dense(6, "relu", name="twice")
    model = keras.Model(inputs, [first(inputs), twice(twice(inputs))])
    with pytest.raises(ValueError, match="`layer` must have its channels last"):
        deepen(model, "a")
    with pytest.raises(ValueError, match="`layer` must be called once"):
        deepen(model, "twice")
