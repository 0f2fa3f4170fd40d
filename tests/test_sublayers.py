import keras
from keras import layers

from tfcompress.layers.low_rank_dense import LowRankDense
from tfcompress.sublayers import every_layer, sublayers


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


def test_layers_are_found_however_deep_and_once():
    shared = LowRankDense(4, rank=1)
    inner = keras.Sequential([keras.Input((4,)), shared])
    x = keras.Input((3, 4))
    h = layers.TimeDistributed(inner)(x)
    model = keras.Model(x, shared(layers.Bidirectional(layers.LSTM(2))(h)))
    found = every_layer(model)
    assert [type(layer).__name__ for layer in found].count("LSTM") == 2
    assert [layer for layer in found if layer is shared] == [shared]
    assert shared.kernels["kernel"] in found
    assert len(found) == len(set(map(id, found)))
