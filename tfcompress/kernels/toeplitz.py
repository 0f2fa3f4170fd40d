"""A weight with one number for each diagonal, multiplied by Fourier transforms."""

import math

import keras
from keras import ops

from tfcompress.kernels.structured import Structured
from tfcompress.ops import circulant


@keras.saving.register_keras_serializable(package="tfcompress")
class Toeplitz(Structured):
    r"""A weight $W_{ij} = \xi_i\, t_{j - i}$: one stored number for each diagonal.

    It stores $m + n - 1$ numbers for $m \times n$, and in `Dense` it is multiplied in
    $O((m + n) \log (m + n))$ as a part of a circulant matrix. In other layers the full
    weight is computed. $\xi$ flips signs at random. From a trained weight each diagonal
    starts at its mean, the least-squares solution.

    Not gained: time in an exported `.tflite` file, which has the full weight, or with
    `compact` the stored numbers and the time of a full product.

    Args:
        signs: If False, inputs are not flipped.
        seed: Integer that the signs follow from; drawn if None.

    Raises:
        ValueError: If the weight is a row or a column: its diagonals are its entries.

    Example:

    >>> kernel = tfc.kernels.Toeplitz(seed=0)
    >>> kernel.build((784, 1000))
    >>> kernel.stored_bits() / 32
    1783.0

    References:
        - [Sindhwani et al., 2015](https://arxiv.org/abs/1510.01722)
    """

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        m, n = self.matrix_shape
        self.refuse_too_small(m + n - 1, "Leave this layer as it is.")
        self.value = self.add_weight(
            name="value",
            shape=(m + n - 1,),
            initializer=self.initial_values(initializer, m + n - 1),
            regularizer=regularizer,
            autocast=False,
        )

    def entries(self, zero):
        m, n = self.matrix_shape
        row = ops.expand_dims(ops.arange(zero, m + zero, dtype="int32"), 1)
        column = ops.expand_dims(ops.arange(n, dtype="int32"), 0)
        return ops.take(self.value, column - row + (m - 1), axis=0)

    def multiply(self, inputs):
        m, n = self.matrix_shape
        unused = [[0, 0]] * (len(inputs.shape) - 1)
        inputs = ops.expand_dims(ops.pad(inputs, [*unused, [0, n - 1]]), -2)
        rows = ops.reshape(ops.cast(self.value, "float32"), (1, 1, -1))
        outputs = circulant.multiply_by_fft(inputs, rows)[..., 0, :]
        return outputs[..., m - 1 :]

    def nearest(self, matrix):
        return circulant.toeplitz_diagonals(matrix)

    def macs(self):
        if len(self.shape) > 2:
            return super().macs()
        size = sum(self.matrix_shape) - 1
        # Two transforms of the inputs and back, as many products as there are waves.
        return round(2 * 1.25 * size * math.log2(size)) + 4 * (size // 2 + 1)
