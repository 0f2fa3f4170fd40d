import keras
import numpy as np

from tfcompress.conversion.clone import clone


def test_a_clone_without_replacements_is_the_same_model(rng):
    inputs = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    joined = keras.layers.Concatenate()(inputs)
    outputs = [keras.layers.Dense(2, name="left")(joined), keras.ops.relu(joined)]
    model = keras.Model(inputs, outputs)
    batch = [rng.normal(size=(3, 4)).astype("float32") for _ in inputs]

    copy = clone(model, lambda layer: None)

    for a, b in zip(copy(batch), model(batch), strict=True):
        np.testing.assert_array_equal(a, b)
    assert [t.name for t in copy.inputs] == ["a", "b"]


def test_each_layer_is_asked_about_once():
    shared = keras.layers.Dense(4)
    model = keras.Sequential([keras.Input((4,)), shared, shared])
    asked = []
    clone(model, lambda layer: asked.append(layer))
    assert asked == [shared]
