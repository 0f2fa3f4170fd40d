"""A 2-D convolution whose weights share a few stored values."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.drop_in import drop_in


@drop_in(Hashed)
class HashedConv2D(CompressedConv2D):
    r"""`Conv2D` whose filters draw their weights, by a hash, from a few stored values.

    Every entry of the kernel `(height, width, inputs, filters)` is a signed stored value;
    filters at the same place of the kernel are hashed together in blocks. It stores
    `ratio` of the weights of `Conv2D` and computes as much.

    Args:
        filters: Integer, and so on as in `keras.layers.Conv2D`.
        ratio: Stored over virtual weights, `0 < ratio <= 1`.
        block_size: Filters that are hashed together; 16 if None, or the largest
            smaller divisor of `filters`.
        seed: Integer that places the weights; drawn if None.
        tables: If False, no table of positions is kept in memory.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`.

    Raises:
        ValueError: If `ratio` is outside (0, 1] or `block_size` does not divide
            `filters`.

    Example:

    >>> layer = tfc.layers.HashedConv2D(64, 3, ratio=1 / 8)
    >>> layer.build((None, 28, 28, 32))
    >>> layer.count_params()  # 3 * 3 * 32 * 64 / 8 + 64, where Conv2D holds 18496
    2368

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1504.04788)
    """
