import keras
from contract import LayerContract

from tfcompress.layers.hashed_gru import HashedGRU


class TestContract(LayerContract):
    layer_class = HashedGRU
    twin = keras.layers.GRU
    arguments = {"units": 8}
    options = {"ratio": 0.25, "seed": 3}
    own = ("ratio", "block_size", "tables")
    input_shape = (5, 8)
    output_shape = (8,)
