"""An einsum layer with any kernel."""

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.EinsumDense, optional=("bias",))
class CompressedEinsumDense(Host, keras.layers.EinsumDense):
    r"""`EinsumDense` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    It takes all arguments of `keras.layers.EinsumDense` but those of LoRA and of
    quantization, and is it if `kernel` is `Full`. The full kernel is formed for the
    einsum: a low-rank kernel is smaller here, not faster.

    Args:
        equation: String, and so on as in `EinsumDense`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        As `equation` says.

    Output shape:
        As `equation` says.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8)
    >>> layer = tfc.layers.CompressedEinsumDense(
    ...     "abc,cde->abde", (None, 4, 16), kernel=kernel
    ... )
    >>> layer.build((None, 10, 64))
    >>> layer.count_params()  # EinsumDense would hold 64 * 4 * 16 = 4096
    512
    """
