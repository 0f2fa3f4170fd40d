"""A weight whose entries are a learned function of several shared values."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.hashed import Hashed
from tfcompress.ops import hashing


@keras.saving.register_keras_serializable(package="tfcompress")
class FunctionalHashed(Hashed):
    r"""A weight of which every entry is computed from several stored values.

    With $U$ hashes and a small network $g$ that the whole weight shares,

    $$ V_{ij} = g\big(\xi_1 w_{h_1(i,j)}, \dots, \xi_U w_{h_U(i,j)}\big), \quad
       g(u) = v^T \tanh(A u + c) $$

    so that two entries are equal only if they share all their values. With
    `hidden=None`, $g$ is the plain sum over $\sqrt U$, without parameters; for
    `hashes=1` that is `Hashed`, exactly.

    Not gained: time and memory in training. Each entry reads `hashes` values, and
    `hidden` numbers are held for it while gradients are computed.

    Args:
        ratio: Stored values over entries of the weight, `0 < ratio <= 1`; the few
            parameters of $g$ come on top.
        hashes: Integer, values for each entry.
        hidden: Integer, units of $g$, or None for the plain sum.
        block_size: Neighbours along the last axis that are hashed together; as in
            `Hashed`.
        seed: Integer that places the entries; drawn if None.
        tables: If False, positions are computed for each call and never kept.

    Example:

    >>> kernel = tfc.kernels.FunctionalHashed(ratio=1 / 8, hashes=4, hidden=4)
    >>> kernel.build((64, 32))
    >>> kernel.count_params()  # 64 * 32 / 8, and 4 * 4 + 4 + 4 for g
    280

    References:
        - [Shi et al., 2016](https://arxiv.org/abs/1605.06560)
    """

    def __init__(self, *, ratio, hashes=4, hidden=4, **kwargs):
        super().__init__(ratio=ratio, **kwargs)
        self.hashes = _checks.integer("hashes", hashes)
        self.hidden = None if hidden is None else _checks.integer("hidden", hidden)

    def build(self, shape, **wishes):
        super().build(shape, **wishes)
        if self.hidden is None:
            return
        # At first g is a weighted sum that keeps the variance of a stored value: for
        # small arguments tanh is the identity, and |A^T v| = 1.
        random = np.random.default_rng(self.seed)
        inner = random.normal(size=(self.hashes, self.hidden))
        outer = random.normal(size=(self.hidden, 1))
        outer /= np.linalg.norm(inner @ outer)
        self.inner = self._parameter("inner", inner)
        self.offset = self._parameter("offset", np.zeros(self.hidden))
        self.outer = self._parameter("outer", outer)

    def place(self, index, hash30):
        index = index[:, None]
        seeds = [(self.seed + 7919 * k) % 2**32 for k in range(self.hashes)]
        places = [hashing.signed_buckets(index, self.buckets, s, hash30) for s in seeds]
        if isinstance(index, np.ndarray):
            return np.concatenate(places, axis=1).ravel()
        return ops.reshape(ops.concatenate(places, axis=1), (-1,))

    def mix(self, rows):
        rows = ops.reshape(rows, (-1, self.hashes, self.width))
        if self.hidden is None:
            return ops.sum(rows, axis=1) / self.hashes**0.5
        rows = ops.moveaxis(rows, 1, -1)
        inner = ops.tanh(ops.matmul(rows, self.inner) + self.offset)
        return ops.squeeze(ops.matmul(inner, self.outer), -1)

    def start(self, array):
        """Solves for the stored values, with g taken as the sum that it nearly is."""
        from scipy.sparse import coo_array
        from scipy.sparse.linalg import lsqr

        if self.hidden is None:
            weights = np.full(self.hashes, self.hashes**-0.5)
        else:
            inner, outer = (ops.convert_to_numpy(p) for p in (self.inner, self.outer))
            weights = (inner @ outer)[:, 0]
        table = self._placed()
        blocks = len(table) // self.hashes
        sign = np.where(table < self.buckets, 1.0, -1.0) * np.tile(weights, blocks)
        block = np.repeat(np.arange(blocks), self.hashes)
        shape = (blocks, self.buckets)
        matrix = coo_array((sign, (block, table % self.buckets)), shape=shape).tocsr()
        columns = array.reshape(blocks, self.width).T
        self.value.assign(np.stack([lsqr(matrix, c)[0] for c in columns], axis=1))

    @property
    def prunable(self):
        return [self.value]

    def get_config(self):
        return {**super().get_config(), "hashes": self.hashes, "hidden": self.hidden}

    def _parameter(self, name, array):
        return self.add_weight(
            name=name,
            shape=array.shape,
            initializer=keras.initializers.Constant(array.astype("float32").tolist()),
        )
