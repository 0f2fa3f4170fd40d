"""A transposed 1-D convolution with any kernel."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Conv1DTranspose, optional=("bias",))
class CompressedConv1DTranspose(Host, keras.layers.Conv1DTranspose):
    r"""`Conv1DTranspose` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.Conv1DTranspose`, and is it if `kernel` is
    `Full`. The last axis of its kernel, along which `Hashed` takes blocks,
    is that of the *input* channels.

    Args:
        filters: Integer, number of output channels, and so on as in `Conv1DTranspose`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.
        bias: A `Kernel` for the bias; a plain variable if None.

    Input shape:
        `(batch, steps, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_steps, filters)`.

    Example:

    >>> layer = tfc.layers.CompressedConv1DTranspose(
    ...     64, 3, kernel=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> layer.build((None, 28, 32))
    >>> layer.count_params()  # Conv1DTranspose would hold 6144
    768
    """
