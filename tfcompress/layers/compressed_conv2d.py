"""A 2-D convolution with any kernel."""

import keras

from tfcompress.layers.convolution_host import ConvolutionHost
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Conv2D, optional=("bias",))
class CompressedConv2D(ConvolutionHost, keras.layers.Conv2D):
    r"""`Conv2D` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.Conv2D` but `lora_rank`, and is `Conv2D` if
    `kernel` is `Full`. The kernel is a tensor of `(height, width, inputs / groups,
    filters)`; regularizers act on what is stored of it.

    Args:
        filters: Integer, number of output channels, and so on as in `Conv2D`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedConv2D(64, 3, kernel=kernel, use_bias=False)
    >>> layer.build((None, 28, 28, 32))
    >>> layer.count_params()  # Conv2D would hold 18432
    2304
    """
