"""A dense layer whose weights share a few stored values."""

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.drop_in import drop_in


@drop_in(Hashed)
class HashedDense(CompressedDense):
    r"""`Dense` with $W_{ij} = \xi(i, j)\, w_{h(i, j)}$: weights drawn by a hash.

    It stores `ratio` of the weights that `Dense` stores (the bias is kept in full) and
    acts as a layer of full width: of two layers that store as much, the hashed one is
    usually the more accurate. `tfcompress.kernels.Hashed` says how positions are
    placed. Not gained: time; the layer computes as much as `Dense`.

    Args:
        units: Integer, and so on as in `keras.layers.Dense`.
        ratio: Stored over virtual weights, `0 < ratio <= 1`.
        block_size: Outputs that are hashed together; 16 if None, or the largest
            smaller divisor of `units`. 1 is HashedNets, and slower.
        seed: Integer that places the weights; drawn if None.
        tables: If False, no table of positions is kept in memory.

    Input shape:
        `(batch, ..., inputs)`.

    Output shape:
        `(batch, ..., units)`.

    Raises:
        ValueError: If `ratio` is outside (0, 1] or `block_size` does not divide `units`.

    Example:

    >>> layer = tfc.layers.HashedDense(1000, "relu", ratio=1 / 8)
    >>> layer.build((None, 784))
    >>> layer.count_params()  # 784 * 1000 / 8 + 1000, where Dense holds 785000
    99000

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1504.04788)
    """
