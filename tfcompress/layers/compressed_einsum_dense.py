"""An einsum layer with any kernel."""

import math

import keras
from keras import ops

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

    @classmethod
    def rows_of(cls, twin, name, inputs):
        operands, result = twin.equation.replace(" ", "").split("->")
        last = operands[-1]
        if last not in result:
            return None  # summed over: no output runs along it
        # As many outputs as the weight has rows: each is then one input of a row.
        shape = twin.kernel.shape[:-1]
        identity = ops.reshape(ops.eye(math.prod(shape)), (*shape, -1))
        equation = f"{operands}->{result.replace(last, '')}{last}"
        rows = ops.einsum(equation, inputs, ops.cast(identity, inputs.dtype))
        return ops.reshape(rows, (-1, math.prod(shape)))
