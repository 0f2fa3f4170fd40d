import keras
from contract import LayerContract

from tfcompress.layers.low_rank_lstm import LowRankLSTM


class TestContract(LayerContract):
    layer_class = LowRankLSTM
    twin = keras.layers.LSTM
    arguments = {"units": 8}
    options = {"rank": 2}
    own = ("rank", "ratio", "energy", "must_pay")
    input_shape = (5, 8)
    output_shape = (8,)
