from contract import CONVOLUTION, HostContract

from tfcompress.layers.compressed_conv1d import CompressedConv1D


class TestHost(HostContract):
    host = CompressedConv1D
    arguments = {"filters": 8, "kernel_size": 3}
    cases = (
        *CONVOLUTION,
        {"padding": "causal", "dilation_rate": 2},
        {"groups": 2},
    )
    input_shape = (7, 6)
    output_shape = (5, 8)
