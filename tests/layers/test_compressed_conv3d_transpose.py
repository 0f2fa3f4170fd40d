from contract import HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv3d_transpose import CompressedConv3DTranspose


class TestHost(HostContract):
    host = CompressedConv3DTranspose
    arguments = {"filters": 8, "kernel_size": 2}
    cases = ({}, {"strides": 2, "padding": "same"})
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (3, 3, 3, 2)
    output_shape = (4, 4, 4, 8)
