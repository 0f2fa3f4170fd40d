"""A 2-D convolution with any kernel."""

import keras
from keras import ops

from tfcompress.layers.host import Computed, Host, host_of


@host_of(keras.layers.Conv2D)
class CompressedConv2D(Host, keras.layers.Conv2D):
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

    kernel = Computed()

    def call(self, inputs, training=None):
        channels = -1 if self.data_format == "channels_last" else 1
        outputs = self.kernels["kernel"].apply(
            self.convolution_op,
            inputs,
            # With groups, fewer filters are not a convolution of the same kind.
            output_axis=channels if self.groups == 1 else None,
            training=training,
        )
        if self.use_bias:
            shape = [1] * outputs.ndim
            shape[channels] = self.filters
            outputs = ops.add(outputs, ops.reshape(self.bias, shape))
        return outputs if self.activation is None else self.activation(outputs)
