import keras
import pytest

from tfcompress.graph_config import graph_config


class Block(keras.Model):
    """A class that builds its graph in its constructor, as backbones do."""

    def __init__(self, units, **kwargs):
        inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((3,), name="b")}
        hidden = keras.layers.Dense(units, name="hidden")
        outputs = keras.layers.Add(name="add")(
            [hidden(inputs["a"]), hidden(inputs["b"])]
        )
        super().__init__(inputs=inputs, outputs=outputs, **kwargs)
        self.units = units

    def get_config(self):
        return {"units": self.units, "name": self.name}


def test_graph_is_that_of_a_model_which_is_made_of_its_tensors():
    model = Block(4)
    config = graph_config(model)
    uses = {layer["name"]: len(layer["inbound_nodes"]) for layer in config["layers"]}
    assert uses == {"a": 0, "b": 0, "hidden": 2, "add": 1}
    assert config["input_layers"] == {"a": ["a", 0, 0], "b": ["b", 0, 0]}


def test_functional_models_have_it_themselves():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    assert graph_config(model) == model.get_config()


def test_layers_that_cannot_give_theirs_are_refused():
    class Odd(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            return {"missing": self.missing}

    inputs = keras.Input((3,))
    model = keras.Model(inputs, Odd()(inputs), name="whole")
    with pytest.raises(ValueError, match="give their own.*raises Attr.*model='whole'"):
        graph_config(model)
