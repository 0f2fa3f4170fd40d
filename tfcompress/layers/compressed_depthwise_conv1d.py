"""A depthwise 1-D convolution with any kernel."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.DepthwiseConv1D, optional=("bias",))
class CompressedDepthwiseConv1D(Host, keras.layers.DepthwiseConv1D):
    r"""`DepthwiseConv1D` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.DepthwiseConv1D`, and is it if `kernel` is
    `Full`. Such a layer is small as it is.

    Args:
        kernel_size: Integer, and so on as in `DepthwiseConv1D`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.
        bias: A `Kernel` for the bias; a plain variable if None.

    Input shape:
        `(batch, steps, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_steps, channels * depth_multiplier)`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 4)
    >>> layer = tfc.layers.CompressedDepthwiseConv1D(8, kernel=kernel, use_bias=False)
    >>> layer.build((None, 28, 32))
    >>> layer.count_params()  # DepthwiseConv1D would hold 256
    64
    """
