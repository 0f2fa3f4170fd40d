import keras
from contract import LayerContract

from tfcompress.layers.binary_lstm import BinaryLSTM


class TestContract(LayerContract):
    layer_class = BinaryLSTM
    twin = keras.layers.LSTM
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
    )
    input_shape = (5, 8)
    output_shape = (8,)
