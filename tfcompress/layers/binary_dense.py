"""TODO."""

from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.host import drop_in


@drop_in(Binary)
class BinaryDense(CompressedDense):
    """TODO."""
