import keras

from tfcompress.report.sublayers import sublayers


class Block(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(1, name="first")
        self.more = [keras.layers.Dense(1, name="second")]
        self.named = {"third": keras.layers.Dense(1, name="third")}


def test_layers_in_attributes_lists_and_dictionaries_are_found_once():
    names = [layer.name for layer in sublayers(Block())]
    assert sorted(names) == ["first", "second", "third"]


def test_model_gives_its_layers():
    dense = keras.layers.Dense(1)
    assert sublayers(keras.Sequential([keras.Input((2,)), dense])) == [dense]


def test_simple_layer_has_none():
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    assert sublayers(layer) == []
