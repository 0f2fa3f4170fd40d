import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop.tfmot.cluster import cluster


@pytest.fixture
def model():
    x = keras.Input((6,), name="x")
    y = layers.BatchNormalization()(layers.Dense(8, "relu", name="a")(x))
    model = keras.Model(x, layers.Dense(3, name="b")(y))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss)
    return model


@pytest.fixture
def data(rng):
    return rng.random((32, 6), "float32"), rng.integers(0, 3, 32)


def test_weights_have_few_values_in_the_same_layers(shared, model, data):
    before = model.get_weights()
    few = cluster(model, data, number_of_clusters=3, seed=1)
    assert [len(np.unique(few.get_layer(name).kernel)) for name in "ab"] == [3, 3]
    assert [layer.name for layer in few.layers] == [
        layer.name for layer in model.layers
    ]
    assert few.compiled
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_training_goes_where_the_loss_asks(shared, rng):
    x = rng.normal(size=(256, 4)).astype("float32")
    y = x @ np.array([[1], [1], [-1], [-1]], "float32")
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, use_bias=False)])
    few = cluster(
        model, (x, y), number_of_clusters=2, loss="mse", learning_rate=0.05, epochs=10
    )
    # Two values are enough, if they are the right ones.
    kernel = few.layers[0].kernel.numpy()
    np.testing.assert_allclose(kernel, [[1], [1], [-1], [-1]], atol=0.1)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            {"number_of_clusters": 1},
            "`number_of_clusters` must be an integer of at least 2",
        ),
        ({"start": "middle"}, "`start` must be one of 'linear', 'density'"),
        (
            {"data": (np.ones((4, 5)), np.ones(4))},
            r"`data` must have shape \(None, 6\) .*\(4, 5\)",
        ),
    ],
)
def test_other_arguments_are_refused(model, data, change, match):
    with pytest.raises(ValueError, match=match):
        cluster(model, **{"data": data, **change})
