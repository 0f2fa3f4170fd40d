import keras
from contract import LayerContract

from tfcompress.layers.low_rank_conv2d import LowRankConv2D


class TestContract(LayerContract):
    layer_class = LowRankConv2D
    twin = keras.layers.Conv2D
    arguments = {"filters": 4, "kernel_size": 3}
    options = {"rank": 2}
    own = ("rank", "ratio", "energy", "must_pay")
    input_shape = (5, 5, 3)
    output_shape = (3, 3, 4)
