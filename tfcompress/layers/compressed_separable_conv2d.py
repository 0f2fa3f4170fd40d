"""A separable 2-D convolution with any kernels."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(
    keras.layers.SeparableConv2D,
    hosted=("depthwise_kernel", "pointwise_kernel"),
    optional=("bias",),
)
class CompressedSeparableConv2D(Host, keras.layers.SeparableConv2D):
    r"""`SeparableConv2D` whose two kernels are computed by `tfcompress.kernels`.

    It takes all arguments of `keras.layers.SeparableConv2D`, and is it where the kernels
    are `Full`. Nearly all of its weights are pointwise, a tensor of
    `(1, 1, channels * depth_multiplier, filters)`.

    Args:
        filters: Integer, number of output channels, and so on as in `SeparableConv2D`.
        depthwise_kernel: A `Kernel`; `Full` if None.
        pointwise_kernel: A `Kernel`; `Full` if None.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`.

    Example:

    >>> layer = tfc.layers.CompressedSeparableConv2D(
    ...     64, 3, pointwise_kernel=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> layer.build((None, 28, 28, 32))
    >>> layer.count_params()  # 9 * 32 + 32 * 64 / 8, where Keras holds 2336
    544
    """
