"""A 1-D convolution with any kernel."""

import keras

from tfcompress.layers.convolution_host import ConvolutionHost
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Conv1D, optional=("bias",))
class CompressedConv1D(ConvolutionHost, keras.layers.Conv1D):
    r"""`Conv1D` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.Conv1D` (`padding="causal"` too), and is
    `Conv1D` if `kernel` is `Full`. The kernel has the shape `(kernel_size, inputs /
    groups, filters)`; regularizers act on what is stored of it.

    Args:
        filters: Integer, number of output channels, and so on as in `Conv1D`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, steps, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_steps, filters)`.

    Example:

    >>> kernel = tfc.kernels.LowRank(rank=8)
    >>> layer = tfc.layers.CompressedConv1D(64, 5, kernel=kernel, use_bias=False)
    >>> layer.build((None, 100, 32))
    >>> layer.count_params()  # 8 * (5 * 32 + 64), where Conv1D would hold 10240
    1792
    """
