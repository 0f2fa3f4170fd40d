"""A GRU layer whose kernels share a few stored values."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_gru import CompressedGRU
from tfcompress.layers.drop_in import drop_in


@drop_in(Hashed)
class HashedGRU(CompressedGRU):
    """`GRU` whose two kernels draw their weights, by a hash, from a few stored values.

    It stores `ratio` of the weights (biases in full) and computes as much as Keras's own:
    the kernels once per call, not once per time step.

    Args:
        units: Integer, and so on as in `keras.layers.GRU`.
        ratio: Stored over virtual weights, `0 < ratio <= 1`.
        block_size: Neighbours along the last axis that are hashed together; 16 if
            None, or the largest smaller divisor of that axis.
        seed: Integer of Keras's own dropout, and of the kernels' draws.
        tables: If False, no table of positions is kept in memory.

    Input shape:
        `(batch, steps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences`.

    Raises:
        ValueError: If `ratio` is outside (0, 1] or `block_size` does not divide the axis.

    Example:

    >>> layer = tfc.layers.HashedGRU(128, ratio=1 / 8)
    >>> layer.build((None, 50, 32))
    >>> layer.count_params()  # 61440 / 8 weights and 768 biases
    8448

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1504.04788)
    """
