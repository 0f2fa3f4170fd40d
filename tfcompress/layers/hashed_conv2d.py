"""TODO."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.host import drop_in


@drop_in(Hashed)
class HashedConv2D(CompressedConv2D):
    """TODO."""
