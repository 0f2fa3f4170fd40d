"""A 2-D convolution as one to few channels and a mix of them."""

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.drop_in import drop_in


@drop_in(LowRank)
class LowRankConv2D(CompressedConv2D):
    r"""`Conv2D` as a convolution to `rank` channels, then a product that mixes them.

    With the kernel read as a matrix of `height * width * inputs` rows and `filters`
    columns, $W = U V$ of `rank`; the product is not formed. With `groups > 1` it is,
    and then only storage is gained.

    Args:
        filters: Integer, and so on as in `keras.layers.Conv2D`.
        rank: Integer, low enough to store less than `Conv2D`.
        ratio: In its place: stored over full weights, `0 < ratio <= 1`.
        energy: Of use in `tfcompress.convert` only.
        must_pay: If False, a rank that stores more than `Conv2D` is accepted.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`.

    Raises:
        ValueError: If the rank does not pay (the message names the one that would).

    Example:

    >>> layer = tfc.layers.LowRankConv2D(64, 3, rank=8)
    >>> layer.build((None, 28, 28, 32))
    >>> layer.count_params()  # 8 * (3 * 3 * 32 + 64) + 64, where Conv2D holds 18496
    2880

    References:
        - [Denton et al., 2014](https://arxiv.org/abs/1404.0736)
    """
