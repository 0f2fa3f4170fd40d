"""An attention layer of grouped queries with any kernels."""

import keras

from tfcompress.layers.attention_host import WEIGHTS, AttentionHost
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.GroupQueryAttention, hosted=WEIGHTS)
class CompressedGroupQueryAttention(AttentionHost, keras.layers.GroupQueryAttention):
    r"""`GroupQueryAttention` whose projections have any kernels.

    It takes all arguments of `keras.layers.GroupQueryAttention`, and is it where the
    kernels are `Full`. Queries, keys and values are projected with kernels of shape
    `(features, heads, head_dim)`, the result with one of `(heads, head_dim, features)`;
    keys and values have fewer heads.

    Args:
        head_dim: Integer, and so on as in `GroupQueryAttention`.
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

    >>> layer = tfc.layers.CompressedGroupQueryAttention(
    ...     16, 4, 2, kernels=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> x = np.ones((2, 10, 64))
    >>> _ = layer(x, x)
    >>> layer.count_params()  # (2 * 64 * 64 + 2 * 64 * 32) / 8
    1536
    """
