"""A GRU layer with any kernels."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of
from tfcompress.layers.recurrent_host import WEIGHTS, RecurrentHost


@host_of(keras.layers.GRUCell, hosted=WEIGHTS, optional=("bias",))
class CompressedGRUCell(Host, keras.layers.GRUCell):
    """The cell of `CompressedGRU`, for a loop of your own too."""


@host_of(keras.layers.GRU, hosted=WEIGHTS, optional=("bias",))
class CompressedGRU(RecurrentHost, keras.layers.GRU):
    r"""`GRU` whose kernels are computed by `tfcompress.kernels`.

    It takes all arguments of `keras.layers.GRU`, and is it where the kernels are
    `Full`. The kernels are computed once per call, not once per time step: a hashed
    layer trains nearly as fast as Keras's own. The full kernels are multiplied with: a
    low-rank kernel is smaller here, not faster.

    Args:
        units: Integer, and so on as in `GRU`.
        kernel: A `Kernel` for the weights of the inputs; `Full` if None.
        recurrent_kernel: A `Kernel` for the weights of the state; `Full` if None.
        kernels: A `Kernel` for those of the two that are not given.

    Input shape:
        `(batch, steps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedGRU(128, kernels=kernel)
    >>> layer.build((None, 50, 32))
    >>> layer.count_params()  # 61440 / 8 and 768 biases
    8448
    """

    cell_host = CompressedGRUCell
