"""A transposed 3-D convolution with any kernel."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Conv3DTranspose, optional=("bias",))
class CompressedConv3DTranspose(Host, keras.layers.Conv3DTranspose):
    r"""`Conv3DTranspose` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.Conv3DTranspose`, and is it if `kernel` is
    `Full`. The last axis of its kernel, along which `Hashed` takes blocks,
    is that of the *input* channels.

    Args:
        filters: Integer, number of output channels, and so on as in `Conv3DTranspose`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.
        bias: A `Kernel` for the bias; a plain variable if None.

    Input shape:
        `(batch, depth, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_depth, new_height, new_width, filters)`.

    Example:

    >>> layer = tfc.layers.CompressedConv3DTranspose(
    ...     64, 3, kernel=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> layer.build((None, 8, 8, 8, 32))
    >>> layer.count_params()  # Conv3DTranspose would hold 55296
    6912
    """
