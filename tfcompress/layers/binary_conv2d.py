"""TODO."""

from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.host import drop_in


@drop_in(Binary)
class BinaryConv2D(CompressedConv2D):
    """TODO."""
