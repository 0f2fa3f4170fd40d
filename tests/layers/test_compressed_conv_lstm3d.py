from contract import HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv_lstm3d import CompressedConvLSTM3D


class TestHost(HostContract):
    host = CompressedConvLSTM3D
    arguments = {"filters": 2, "kernel_size": 2}
    cases = ({"padding": "same"},)
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (2, 3, 3, 3, 2)
    output_shape = (2, 2, 2, 2)
    kernel_names = ("kernels",)
