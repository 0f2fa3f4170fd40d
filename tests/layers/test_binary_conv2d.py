import keras
from contract import LayerContract

from tfcompress.layers.binary_conv2d import BinaryConv2D


class TestContract(LayerContract):
    layer_class = BinaryConv2D
    twin = keras.layers.Conv2D
    arguments = {"filters": 4, "kernel_size": 3}
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
    input_shape = (5, 5, 3)
    output_shape = (3, 3, 4)
