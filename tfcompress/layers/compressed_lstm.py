"""A LSTM layer with any kernels."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of
from tfcompress.layers.recurrent_host import WEIGHTS, RecurrentHost


@host_of(keras.layers.LSTMCell, hosted=WEIGHTS, optional=("bias",))
class CompressedLSTMCell(Host, keras.layers.LSTMCell):
    """The cell of `CompressedLSTM`, for a loop of your own too."""


@host_of(keras.layers.LSTM, hosted=WEIGHTS, optional=("bias",))
class CompressedLSTM(RecurrentHost, keras.layers.LSTM):
    r"""`LSTM` whose kernels are computed by `tfcompress.kernels`.

    It takes all arguments of `keras.layers.LSTM`, and is it where the kernels are
    `Full`. The kernels are computed once per call, not once per time step: a hashed
    layer trains nearly as fast as Keras's own. The full kernels are multiplied with: a
    low-rank kernel is smaller here, not faster.

    Args:
        units: Integer, and so on as in `LSTM`.
        kernel: A `Kernel` for the weights of the inputs; `Full` if None.
        recurrent_kernel: A `Kernel` for the weights of the state; `Full` if None.
        kernels: A `Kernel` for those of the two that are not given.

    Input shape:
        `(batch, steps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedLSTM(128, kernels=kernel)
    >>> layer.build((None, 50, 32))
    >>> layer.count_params()  # 81920 / 8 and 512 biases
    10752
    """

    cell_host = CompressedLSTMCell
