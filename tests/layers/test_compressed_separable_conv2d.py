from contract import CONVOLUTION, HostContract

from tfcompress.layers.compressed_separable_conv2d import CompressedSeparableConv2D


class TestHost(HostContract):
    host = CompressedSeparableConv2D
    arguments = {"filters": 8, "kernel_size": 3}
    cases = (*CONVOLUTION, {"depth_multiplier": 3})
    kernel_names = ("pointwise_kernel",)
    input_shape = (8, 8, 4)
    output_shape = (6, 6, 8)
