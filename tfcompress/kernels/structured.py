"""What matrices with a fast product share: signs, and how they are applied."""

import contextlib
import math
import random

import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import hashing


class Structured(Kernel):
    r"""A weight $W = D S$, with $S$ of few numbers and $D$ of fixed random signs.

    $W$ is read as a matrix of its last axis against all others. The signs follow from
    the seed and are not stored; they make inputs that are alike differ, which a matrix
    of few numbers could not tell apart otherwise. A new one overrides `build`,
    `entries` and `multiply`, and `nearest` to start from a trained weight.
    """

    has_compact_form = True

    def __init__(self, *, signs=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.signs = _checks.boolean("signs", signs)
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = _checks.integer("seed", seed, low=0, high=2**32 - 1)
        self._exported = False

    def entries(self, zero):
        """Returns $S$ from what is stored, as a matrix; `zero` is added to indices."""
        raise NotImplementedError

    def multiply(self, inputs):
        """Returns $x S$ by the fast product, for `inputs` in float32."""
        raise NotImplementedError

    def multiply_in_file(self, inputs):
        """Returns $x S$ without a Fourier transform, or None where that is slow."""
        return

    def nearest(self, matrix):
        """Returns what to store so that $S$ is the nearest to `matrix`."""
        raise NotImplementedError

    def full(self, training=None):
        zero = 0 if self._zero is None else self._zero
        matrix = ops.cast(self.entries(zero), "float32")
        if self.signs:
            matrix = matrix * ops.expand_dims(self._flips(), -1)
        return ops.cast(ops.reshape(matrix, self.shape), self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        # Other operations than the product with the matrix have no fast form.
        if op is not ops.matmul or len(self.shape) > 2:
            return super().apply(op, inputs, training=training)
        given = ops.cast(inputs, "float32")  # no transform is of half precision
        given = given * self._flips() if self.signs else given
        multiply = self.multiply_in_file if self._exported else self.multiply
        outputs = multiply(given)
        if outputs is None:
            return super().apply(op, inputs, training=training)
        return ops.cast(outputs, self.compute_dtype)

    def start(self, array):
        matrix = array.reshape(-1, array.shape[-1])
        if self.signs:
            matrix = matrix * self._sign_array()[:, None]
        self.value.assign(self.nearest(matrix))

    @contextlib.contextmanager
    def exported(self):
        self._exported = True
        try:
            yield
        finally:
            self._exported = False

    def get_config(self):
        return {**super().get_config(), "signs": self.signs, "seed": self.seed}

    @property
    def matrix_shape(self):
        return math.prod(self.shape[:-1]), self.shape[-1]

    def _sign_array(self):
        index = np.arange(self.matrix_shape[0])
        return (1 - 2 * (hashing.hash30(index, self.seed) % 2)).astype("float32")

    def _flips(self):
        if self._zero is None or isinstance(self._zero, int):
            return self._sign_array()
        index = ops.arange(self._zero, self.matrix_shape[0] + self._zero, dtype="int32")
        hashed = hashing.hash30_in_graph(index, self.seed)
        return ops.cast(1 - 2 * ops.mod(hashed, 2), "float32")

    def refuse_too_small(self, stored, remedy):
        """Raises where `stored` numbers are not fewer than those of the weight."""
        m, n = self.matrix_shape
        if stored >= m * n:
            rule = f"store fewer numbers than the {m} x {n} weight"
            raise _checks.error(type(self).__name__, rule, stored, remedy=remedy)
