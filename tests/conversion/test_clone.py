import keras
import numpy as np
import pytest

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


def test_lambda_layers_are_copied_with_the_names_that_they_use():
    twice = keras.layers.Lambda(lambda x: x * np.float32(2))
    model = keras.Sequential([keras.Input((2,)), twice])
    copy = clone(model, lambda layer: None)
    np.testing.assert_array_equal(copy(np.ones((1, 2))), [[2, 2]])


def test_inputs_of_nested_models_take_new_shapes():
    inside = keras.Input((4,), name="inside")
    inner = keras.Model(inside, keras.ops.relu(inside))
    chained = keras.Sequential([keras.Input((4,)), keras.layers.ReLU()])
    inputs = keras.Input((4,), name="a")
    model = keras.Model(inputs, chained(inner(inputs)))
    [layer] = [o for o in inner.operations if o.name == "inside"]
    first = next(o for o in model.operations if o.name == "a")
    shapes = {id(one): (None, 3) for one in (first, layer, chained)}
    copy = clone(model, lambda layer: None, shapes)
    assert [one.input_shape for one in copy.layers[1:]] == [(None, 3), (None, 3)]
    assert copy.output_shape == (None, 3)


def test_layers_that_cannot_be_made_anew_are_named():
    class Odd(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            return {"missing": self.missing}

    model = keras.Sequential([keras.Input((2,)), Odd(name="odd")])
    message = (
        r"hold layers that Keras can make anew.*'Odd' raises Attribute.*model='odd'"
    )
    with pytest.raises(ValueError, match=message):
        clone(model, lambda layer: None)
