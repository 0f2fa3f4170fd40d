"""A 3-D convolution with any kernel."""

import keras

from tfcompress.layers.convolution_host import ConvolutionHost
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Conv3D, optional=("bias",))
class CompressedConv3D(ConvolutionHost, keras.layers.Conv3D):
    r"""`Conv3D` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.Conv3D`, and is `Conv3D` if `kernel` is
    `Full`. The kernel has five axes, the last of them the filters; regularizers act on
    what is stored of it.

    Args:
        filters: Integer, number of output channels, and so on as in `Conv3D`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, depth, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_depth, new_height, new_width, filters)`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedConv3D(16, 3, kernel=kernel, use_bias=False)
    >>> layer.build((None, 8, 8, 8, 4))
    >>> layer.count_params()  # Conv3D would hold 1728
    224
    """
