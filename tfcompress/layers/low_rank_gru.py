"""A GRU layer whose kernels are products of two thin matrices."""

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_gru import CompressedGRU
from tfcompress.layers.drop_in import drop_in


@drop_in(LowRank)
class LowRankGRU(CompressedGRU):
    """`GRU` whose two kernels are products of two thin matrices.

    It stores `rank * (rows + columns)` numbers for each kernel; the products are formed
    once per call, so it is smaller, not faster.

    Args:
        units: Integer, and so on as in `keras.layers.GRU`.
        rank: Integer, for each kernel, low enough to store less.
        ratio: In its place: stored over full weights, `0 < ratio <= 1`.
        energy: Of use in `tfcompress.convert` only.
        must_pay: If False, a rank that stores more is accepted.

    Input shape:
        `(batch, steps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences`.

    Raises:
        ValueError: If the rank does not pay (the message names the one that would).

    Example:

    >>> layer = tfc.layers.LowRankGRU(128, rank=8)
    >>> layer.build((None, 50, 32))
    >>> layer.count_params()  # 8 * (32 + 384) + 8 * (128 + 384) + 768, GRU holds 62208
    8192

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """
