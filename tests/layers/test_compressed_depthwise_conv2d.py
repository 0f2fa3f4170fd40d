from contract import CONVOLUTION, HostContract

from tfcompress.kernels.binary import Binary
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_depthwise_conv2d import CompressedDepthwiseConv2D


class TestHost(HostContract):
    host = CompressedDepthwiseConv2D
    arguments = {"kernel_size": 3}
    cases = (*CONVOLUTION, {"depth_multiplier": 3})
    kernels = (Hashed(ratio=0.5), LowRank(rank=1, must_pay=False), Binary())
    input_shape = (8, 8, 4)
    output_shape = (6, 6, 4)
