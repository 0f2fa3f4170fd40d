"""Drop-in layers, and the hosts that carry any kernel."""

from tfcompress.layers.binary_conv2d import BinaryConv2D
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_conv2d import HashedConv2D
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.low_rank_conv2d import LowRankConv2D
from tfcompress.layers.low_rank_dense import LowRankDense

__all__ = [
    "BinaryConv2D",
    "BinaryDense",
    "CompressedConv2D",
    "CompressedDense",
    "HashedConv2D",
    "HashedDense",
    "LowRankConv2D",
    "LowRankDense",
]
