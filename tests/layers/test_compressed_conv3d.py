from contract import HostContract

from tfcompress.layers.compressed_conv3d import CompressedConv3D


class TestHost(HostContract):
    host = CompressedConv3D
    arguments = {"filters": 8, "kernel_size": 2}
    cases = ({}, {"strides": 2, "padding": "same"}, {"groups": 2}, {"dilation_rate": 2})
    input_shape = (3, 3, 3, 2)
    output_shape = (2, 2, 2, 8)
