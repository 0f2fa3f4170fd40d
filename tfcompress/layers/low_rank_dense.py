"""TODO."""

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.host import drop_in


@drop_in(LowRank)
class LowRankDense(CompressedDense):
    """TODO."""
