import keras
import numpy as np

from tfcompress.report.parts import parts

dense = keras.layers.Dense


class Scaled(keras.layers.Layer):
    """A dense layer and a variable of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = dense(2, name="inner")

    def build(self, shape):
        self.inner.build(shape)
        self.scale = self.add_weight(name="scale", shape=(2,))

    def call(self, inputs):
        return self.inner(inputs) * self.scale


def names(model):
    return [name for name, _ in parts(model)]


def test_nested_models_are_opened():
    inner = keras.Sequential([keras.Input((2,)), dense(2, name="a")], name="inner")
    model = keras.Sequential([keras.Input((2,)), inner, dense(1, name="b")])
    assert names(model) == ["inner/a", "b"]


def test_shared_layer_is_one_part():
    shared, x = dense(2, name="shared"), keras.Input((2,), name="x")
    model = keras.Model(x, shared(shared(x)))
    assert names(model) == ["x", "shared"]


def test_composite_layer_is_opened_and_its_own_variables_are_a_part():
    model = keras.Sequential([keras.Input((2,)), Scaled(name="scaled")])
    assert names(model) == ["scaled/inner", "scaled"]


def test_layer_with_a_rule_is_one_part():
    attention = keras.layers.MultiHeadAttention(1, 2, name="attention")
    x = keras.Input((3, 4), name="x")
    assert names(keras.Model(x, attention(x, x))) == ["x", "attention"]


def test_subclassed_model_is_opened():
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.stack = [dense(2, name="a"), dense(1, name="b")]

        def call(self, x):
            return self.stack[1](self.stack[0](x))

    model = Model()
    model(np.zeros((1, 3)))
    assert sorted(names(model)) == ["a", "b"]
