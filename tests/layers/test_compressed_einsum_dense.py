from contract import HostContract

from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense


class TestHost(HostContract):
    host = CompressedEinsumDense
    arguments = {"equation": "abc,cd->abd", "output_shape": (7, 8)}
    cases = (
        {"bias_axes": "d"},
        {"equation": "abc,cde->abde", "output_shape": (None, 3, 2)},
        {"activation": "relu"},
    )
    input_shape = (7, 6)
    output_shape = (7, 8)
