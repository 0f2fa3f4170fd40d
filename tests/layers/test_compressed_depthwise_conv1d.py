from contract import CONVOLUTION, HostContract

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_depthwise_conv1d import CompressedDepthwiseConv1D


class TestHost(HostContract):
    host = CompressedDepthwiseConv1D
    arguments = {"kernel_size": 3}
    cases = (*CONVOLUTION, {"depth_multiplier": 3})
    kernels = (Hashed(ratio=0.5, block_size=1, seed=1),)
    input_shape = (8, 4)
    output_shape = (6, 4)
