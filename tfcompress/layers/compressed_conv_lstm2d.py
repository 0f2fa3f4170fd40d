"""A 2-D convolutional LSTM layer with any kernels."""

import keras

from tfcompress.layers.conv_lstm_host import ConvLSTMHost
from tfcompress.layers.host_of import host_of
from tfcompress.layers.recurrent_host import WEIGHTS


@host_of(keras.layers.ConvLSTM2D, hosted=WEIGHTS, optional=("bias",))
class CompressedConvLSTM2D(ConvLSTMHost, keras.layers.ConvLSTM2D):
    r"""`ConvLSTM2D` whose kernels are computed by `tfcompress.kernels`.

    It takes all arguments of `keras.layers.ConvLSTM2D`, and is it where the kernels
    are `Full`. The kernels are computed once per call, not once per time step.

    Args:
        filters: Integer, number of output channels, and so on as in `ConvLSTM2D`.
        kernel: A `Kernel` for the weights of the inputs; `Full` if None.
        recurrent_kernel: A `Kernel` for the weights of the state; `Full` if None.
        kernels: A `Kernel` for those of the two that are not given.
        bias: A `Kernel` for the bias; a plain variable if None.

    Input shape:
        `(batch, steps, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`, with the steps if `return_sequences`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedConvLSTM2D(8, 3, kernels=kernel, use_bias=False)
    >>> layer.build((None, 5, 28, 28, 8))
    >>> layer.count_params()  # ConvLSTM2D would hold 4608
    576
    """
