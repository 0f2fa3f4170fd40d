"""A depthwise 2-D convolution with any kernel."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.DepthwiseConv2D, optional=("bias",))
class CompressedDepthwiseConv2D(Host, keras.layers.DepthwiseConv2D):
    r"""`DepthwiseConv2D` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.DepthwiseConv2D`, and is it if `kernel` is
    `Full`. The kernel has the shape `(height, width, channels, depth_multiplier)`: with a
    multiplier of 1, its last axis is of size 1, which hashing in blocks and low rank
    have no use for. Such a layer is small as it is.

    Args:
        kernel_size: Integer or pair, and so on as in `DepthwiseConv2D`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, channels * depth_multiplier)`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 4)
    >>> layer = tfc.layers.CompressedDepthwiseConv2D(3, kernel=kernel, use_bias=False)
    >>> layer.build((None, 28, 28, 32))
    >>> layer.count_params()  # DepthwiseConv2D would hold 288
    72
    """
