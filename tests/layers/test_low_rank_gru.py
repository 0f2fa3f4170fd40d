import keras
from contract import LayerContract

from tfcompress.layers.low_rank_gru import LowRankGRU


class TestContract(LayerContract):
    layer_class = LowRankGRU
    twin = keras.layers.GRU
    arguments = {"units": 8}
    options = {"rank": 2}
    own = ("rank", "ratio", "energy", "must_pay")
    input_shape = (5, 8)
    output_shape = (8,)
