import keras
from contract import LayerContract

from tfcompress.layers.hashed_dense import HashedDense


class TestContract(LayerContract):
    layer_class = HashedDense
    twin = keras.layers.Dense
    arguments = {"units": 8}
    options = {"ratio": 0.25, "seed": 3}
    own = ("ratio", "block_size", "seed", "tables")
    input_shape = (6,)
    output_shape = (8,)
