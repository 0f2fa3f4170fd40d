"""TODO."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.host import drop_in


@drop_in(Hashed)
class HashedDense(CompressedDense):
    """TODO."""
