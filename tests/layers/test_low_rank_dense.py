import keras
from contract import LayerContract

from tfcompress.layers.low_rank_dense import LowRankDense


class TestContract(LayerContract):
    layer_class = LowRankDense
    twin = keras.layers.Dense
    arguments = {"units": 8}
    options = {"rank": 2}
    own = ("rank", "ratio", "energy", "must_pay")
    input_shape = (6,)
    output_shape = (8,)
