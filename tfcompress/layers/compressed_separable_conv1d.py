"""A separable 1-D convolution with any kernels."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(
    keras.layers.SeparableConv1D,
    hosted=("depthwise_kernel", "pointwise_kernel"),
    optional=("bias",),
)
class CompressedSeparableConv1D(Host, keras.layers.SeparableConv1D):
    r"""`SeparableConv1D` whose two kernels are computed by `tfcompress.kernels`.

    It takes all arguments of `keras.layers.SeparableConv1D`, and is it where the kernels
    are `Full`. Nearly all of its weights are pointwise, a tensor of
    `(1, channels * depth_multiplier, filters)`.

    Args:
        filters: Integer, number of output channels, and so on as in `SeparableConv1D`.
        depthwise_kernel: A `Kernel`; `Full` if None.
        pointwise_kernel: A `Kernel`; `Full` if None.
        kernels: A `Kernel` for those of the two that are not given.
        bias: A `Kernel` for the bias; a plain variable if None.

    Input shape:
        `(batch, steps, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_steps, filters)`.

    Example:

    >>> layer = tfc.layers.CompressedSeparableConv1D(
    ...     64, 3, pointwise_kernel=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> layer.build((None, 28, 32))
    >>> layer.count_params()  # 3 * 32 + 32 * 64 / 8, where Keras holds 2144
    352
    """
