import keras
from keras import layers

from tfcompress.export.every_layer import every_layer
from tfcompress.layers.low_rank_dense import LowRankDense


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
