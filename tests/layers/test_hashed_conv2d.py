import keras
from contract import LayerContract

from tfcompress.layers.hashed_conv2d import HashedConv2D


class TestContract(LayerContract):
    layer_class = HashedConv2D
    twin = keras.layers.Conv2D
    arguments = {"filters": 4, "kernel_size": 3}
    options = {"ratio": 0.25, "seed": 3}
    own = ("ratio", "block_size", "seed", "tables")
    input_shape = (5, 5, 3)
    output_shape = (3, 3, 4)
