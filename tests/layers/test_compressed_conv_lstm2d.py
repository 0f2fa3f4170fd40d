from contract import HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv_lstm2d import CompressedConvLSTM2D


class TestHost(HostContract):
    host = CompressedConvLSTM2D
    arguments = {"filters": 2, "kernel_size": 3}
    cases = ({"padding": "same"}, {"return_sequences": True, "strides": 2})
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (3, 5, 5, 2)
    output_shape = (3, 3, 2)
    kernel_names = ("kernels",)
