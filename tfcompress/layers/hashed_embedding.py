"""An embedding whose rows share a few stored values."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_embedding import CompressedEmbedding
from tfcompress.layers.drop_in import drop_in


@drop_in(Hashed)
class HashedEmbedding(CompressedEmbedding):
    """`Embedding` whose table draws its entries, by a hash, from a few stored values.

    It stores `ratio` of the table. Only the rows that are looked up are computed, and
    nothing of the size of the table is ever in memory.

    Args:
        input_dim: Integer, and so on as in `keras.layers.Embedding`.
        ratio: Stored over virtual weights, `0 < ratio <= 1`.
        block_size: Neighbours along the last axis that are hashed together; 16 if
            None, or the largest smaller divisor of that axis.
        seed: Integer that places the entries; drawn if None.
        tables: Without effect on look-ups, which need no table.

    Input shape:
        `(batch, ...)` of integers in `[0, input_dim)`.

    Output shape:
        `(batch, ..., output_dim)`.

    Raises:
        ValueError: If `ratio` is outside (0, 1] or `block_size` does not divide the axis.

    Example:

    >>> layer = tfc.layers.HashedEmbedding(200_000, 64, ratio=1 / 64)
    >>> layer.build()
    >>> layer.count_params()  # Embedding holds 12800000
    200000

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1504.04788)
    """
