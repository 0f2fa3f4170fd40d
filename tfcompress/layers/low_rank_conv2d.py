"""TODO."""

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.host import drop_in


@drop_in(LowRank)
class LowRankConv2D(CompressedConv2D):
    """TODO."""
