"""An attention layer with any kernels."""

import keras

from tfcompress.layers.attention_host import WEIGHTS, AttentionHost
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.MultiHeadAttention, hosted=WEIGHTS)
class CompressedMultiHeadAttention(AttentionHost, keras.layers.MultiHeadAttention):
    r"""`MultiHeadAttention` whose projections have any kernels.

    It takes all arguments of `keras.layers.MultiHeadAttention`, and is it where the
    kernels are `Full`. Queries, keys and values are projected with kernels of shape
    `(features, heads, key_dim)`, the result with one of `(heads, value_dim, features)`.

    Args:
        num_heads: Integer, and so on as in `MultiHeadAttention`.
        query_kernel: A `Kernel`; `Full` if None.
        key_kernel: A `Kernel`; `Full` if None.
        value_kernel: A `Kernel`; `Full` if None.
        output_kernel: A `Kernel`; `Full` if None.
        kernels: A `Kernel` for those of the four that are not given.

    Input shape:
        Query `(batch, targets, features)`, value and key `(batch, sources, features)`.

    Output shape:
        `(batch, targets, features)`.

    Example:

    >>> layer = tfc.layers.CompressedMultiHeadAttention(
    ...     4, 16, kernels=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> x = np.ones((2, 10, 64))
    >>> _ = layer(x, x)
    >>> layer.count_params()  # 4 * 64 * 64 / 8
    2048
    """
