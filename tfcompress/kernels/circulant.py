"""A weight of circulant blocks, multiplied by fast Fourier transforms."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.structured import Structured
from tfcompress.ops import circulant


@keras.saving.register_keras_serializable(package="tfcompress")
class Circulant(Structured):
    r"""A weight of circulant blocks: each row of a block is the one above, turned by one.

    A block of `block_size` rows and columns stores its first row, so the weight is
    `block_size` times smaller. In `Dense` the product is computed by Fourier transforms,

    $$ y_q = \mathcal F^{-1} \sum_p \mathcal F (D x)_p \odot \mathcal F c_{pq} $$

    in $O(n \log n)$ for a single block, where $D$ flips signs at random. In other layers
    the full weight is computed. The last blocks are cut to fit. From a trained weight
    each diagonal starts at its mean, the least-squares solution.

    In a `.tflite` file, which has no inverse transform, the transforms of small blocks
    are products with constant matrices: such a file is smaller and faster. Of large
    blocks it has the full weight, or with `compact` the stored numbers and the time of
    a full product.

    Not gained: time in training for small layers; three transforms have a price.

    Args:
        block_size: Integer, rows and columns of a block. None is a single block.
        signs: If False, inputs are not flipped.
        seed: Integer that the signs follow from; drawn if None.

    Raises:
        ValueError: If the blocks store as many numbers as the weight has.

    Example:

    >>> kernel = tfc.kernels.Circulant(block_size=8, seed=0)
    >>> kernel.build((784, 1000))
    >>> kernel.stored_bits() / 32  # 784000 / 8
    98000.0

    References:
        - [Cheng et al., 2015](https://arxiv.org/abs/1502.03436)
        - [Ding et al., 2017](https://arxiv.org/abs/1708.08917)
    """

    def __init__(self, *, block_size=None, signs=True, seed=None, **kwargs):
        super().__init__(signs=signs, seed=seed, **kwargs)
        if block_size is not None:
            block_size = _checks.integer("block_size", block_size, low=2)
        self.block_size = block_size

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        m, n = self.matrix_shape
        self.size = max(m, n) if self.block_size is None else self.block_size
        blocks = (-(-m // self.size), -(-n // self.size))
        count = math.prod(blocks) * self.size
        self.refuse_too_small(count, f"Its blocks are of {self.size}; take others.")
        self.value = self.add_weight(
            name="value",
            shape=(*blocks, self.size),
            initializer=self.initial_values(initializer, count),
            regularizer=regularizer,
            autocast=False,
        )

    def entries(self, zero):
        places = ops.arange(zero, self.size + zero, dtype="int32")
        turned = ops.expand_dims(places, 0) - ops.expand_dims(places, 1)
        blocks = ops.take(self.value, ops.mod(turned, self.size), axis=-1)
        p, q, size = self.value.shape
        whole = ops.transpose(blocks, (0, 2, 1, 3))
        whole = ops.reshape(whole, (p * size, q * size))
        m, n = self.matrix_shape
        return whole[:m, :n]

    def multiply(self, inputs, product=circulant.multiply_by_fft):
        m, n = self.matrix_shape
        p, q, size = self.value.shape
        lead = ops.shape(inputs)[:-1]
        unused = [[0, 0]] * (len(inputs.shape) - 1)
        inputs = ops.pad(inputs, [*unused, [0, p * size - m]])
        value = ops.cast(self.value, "float32")
        outputs = product(ops.reshape(inputs, (*lead, p, size)), value)
        return ops.reshape(outputs, (*lead, q * size))[..., :n]

    def multiply_in_file(self, inputs):
        m, n = self.matrix_shape
        p, q, size = self.value.shape
        waves = 2 * (size // 2 + 1)
        if (p + q) * size * waves + 2 * p * q * waves > m * n / 2:
            return None
        return self.multiply(inputs, circulant.multiply_by_waves)

    def nearest(self, matrix):
        p, q, size = self.value.shape
        cut = [(0, p * size - matrix.shape[0]), (0, q * size - matrix.shape[1])]

        def rows(array):
            blocks = np.pad(array, cut).reshape(p, size, q, size)
            return circulant.circulant_rows(blocks.transpose(0, 2, 1, 3))

        # Means over what is there: the last blocks are cut.
        return rows(matrix) / np.maximum(rows(np.ones_like(matrix)), 1e-9)

    def macs(self):
        p, q, size = self.value.shape
        if len(self.shape) > 2:
            return super().macs()
        # A real transform takes 2.5 n log2 n operations, of which half are products.
        transforms = (p + q) * 1.25 * size * math.log2(size)
        return round(transforms) + 4 * p * q * (size // 2 + 1)

    def get_config(self):
        return {**super().get_config(), "block_size": self.block_size}
