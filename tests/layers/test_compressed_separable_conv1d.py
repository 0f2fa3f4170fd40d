from contract import CONVOLUTION, HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_separable_conv1d import CompressedSeparableConv1D


class TestHost(HostContract):
    host = CompressedSeparableConv1D
    arguments = {"filters": 8, "kernel_size": 3}
    cases = (*CONVOLUTION, {"depth_multiplier": 3})
    kernels = (Hashed(ratio=0.5, block_size=2, seed=1),)
    input_shape = (8, 4)
    output_shape = (6, 8)
    kernel_names = ("pointwise_kernel",)
