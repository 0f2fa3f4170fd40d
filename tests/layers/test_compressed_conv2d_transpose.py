from contract import HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv2d_transpose import CompressedConv2DTranspose


class TestHost(HostContract):
    host = CompressedConv2DTranspose
    arguments = {"filters": 8, "kernel_size": 3}
    cases = (
        {},
        {"padding": "same", "strides": 2},
        {"dilation_rate": 2},
        {"strides": 2, "output_padding": 1},
        {"use_bias": False, "activation": "relu"},
    )
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (5, 5, 4)
    output_shape = (7, 7, 8)
