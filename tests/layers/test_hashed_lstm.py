import keras
from contract import LayerContract

from tfcompress.layers.hashed_lstm import HashedLSTM


class TestContract(LayerContract):
    layer_class = HashedLSTM
    twin = keras.layers.LSTM
    arguments = {"units": 8}
    options = {"ratio": 0.25, "seed": 3}
    own = ("ratio", "block_size", "tables")
    input_shape = (5, 8)
    output_shape = (8,)
