"""A dense layer whose weight is the product of two thin matrices."""

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.drop_in import drop_in


@drop_in(LowRank)
class LowRankDense(CompressedDense):
    r"""`Dense` that computes $(x U) V + b$, with `rank` columns of $U$ and rows of $V$.

    It stores and multiplies `rank * (inputs + units)` numbers in place of
    `inputs * units`: smaller and faster, in training and on every runtime. To start
    from a trained layer, use `tfcompress.convert` with `tfcompress.kernels.LowRank`.

    Args:
        units: Integer, and so on as in `keras.layers.Dense`. The initializer speaks
            of the product, regularizers act on the factors.
        rank: Integer, low enough to store less than `Dense`.
        ratio: In its place: stored over full weights, `0 < ratio <= 1`.
        energy: Of use in `tfcompress.convert` only.
        must_pay: If False, a rank that stores more than `Dense` is accepted.

    Input shape:
        `(batch, ..., inputs)`.

    Output shape:
        `(batch, ..., units)`.

    Raises:
        ValueError: If the rank does not pay (the message names the one that would).

    Example:

    >>> layer = tfc.layers.LowRankDense(1000, "relu", rank=32)
    >>> layer.build((None, 784))
    >>> layer.count_params()  # 32 * (784 + 1000) + 1000, where Dense holds 785000
    58088

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """
