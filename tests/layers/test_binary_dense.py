import keras
from contract import LayerContract

from tfcompress.layers.binary_dense import BinaryDense


class TestContract(LayerContract):
    layer_class = BinaryDense
    twin = keras.layers.Dense
    arguments = {"units": 8}
    options = {"scale": "channel"}
    own = (
        "scale",
        "estimator",
        "binarize_inputs",
        "input_scale",
        "two_stage",
        "stochastic",
        "save_latent",
        "seed",
    )
    input_shape = (6,)
    output_shape = (8,)
