from contract import HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv_lstm1d import CompressedConvLSTM1D


class TestHost(HostContract):
    host = CompressedConvLSTM1D
    arguments = {"filters": 2, "kernel_size": 3}
    cases = (
        {},
        {"return_sequences": True, "padding": "same"},
        {"return_state": True, "strides": 2},
        {"go_backwards": True, "dilation_rate": 2},
        {"use_bias": False, "dropout": 0.3, "recurrent_dropout": 0.2},
        {"unit_forget_bias": False, "activation": "relu"},
    )
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (3, 6, 2)
    output_shape = (4, 2)
    kernel_names = ("kernels",)
