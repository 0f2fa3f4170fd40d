"""A weight whose entries share a few stored values, placed by a hash."""

import math
import random

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import hashing

BLOCK = 16


@keras.saving.register_keras_serializable(package="tfcompress")
class Hashed(Kernel):
    r"""A weight of which every entry is one of `ratio * size` stored values.

    With $h$ a hash of the position and $\xi$ a second one, of value +1 or -1,

    $$ W_{ij} = \xi(i, j)\, w_{h(i, j)} $$

    for `block_size=1` (HashedNets). With blocks, `block_size` neighbours along the
    last axis are placed and signed together, $W_{i,\,bj+k} = \xi(i, j)\, w_{h(i, j), k}$:
    as exact in practice and as fast as a plain layer, for the table of positions is
    `block_size` times smaller. Neither positions nor signs are saved; they follow
    from `seed` (`tfcompress.ops.hashing`). Two kernels of one seed and shape share
    values in the same places; the values are their own.

    Not gained: time. The full weight is computed for each call, so a hashed layer
    stores less but computes as much. A stored value gets the sum of the gradients of
    its `1 / ratio` weights: where plain SGD diverges, clip gradients or take a lower
    rate; Adam does not mind.

    Args:
        ratio: Stored values over entries of the weight, `0 < ratio <= 1`; rounded up
            to a whole block, of which there is always one.
        block_size: Number of neighbours along the last axis that are hashed
            together; it must divide that axis. None takes 16, or the largest
            divisor of the axis that is smaller. 1 hashes every entry on its own.
        seed: Integer that places the entries; drawn if None.
        tables: If False, positions are computed in the graph for each call and never
            kept: less memory, more time. If True, one table of int32 is held, of
            `1 / block_size` the size of the full weight; it is never saved.

    Raises:
        ValueError: If `ratio` is outside (0, 1], if `block_size` does not divide the
            last axis, or if the host has a constraint on the weight.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 8, seed=0)
    >>> kernel.build((784, 1000))
    >>> kernel.stored_bits() / 32  # numbers; 784000 / 8 = 98000
    98000.0

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1504.04788)
    """

    has_compact_form = True

    def __init__(self, *, ratio, block_size=None, seed=None, tables=True, **kwargs):
        super().__init__(**kwargs)
        self.ratio = _checks.ratio("ratio", ratio)
        if block_size is not None:
            block_size = _checks.integer("block_size", block_size)
        self.block_size = block_size
        # Drawn here, so that what is saved rebuilds the same table.
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = _checks.integer("seed", seed, low=0, high=2**32 - 1)
        self.tables = _checks.boolean("tables", tables)
        self._table = None

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        size, last = math.prod(self.shape), self.shape[-1]
        self.width = (
            _largest_block(last) if self.block_size is None else self.block_size
        )
        if last % self.width:
            fitting = [b for b in range(1, min(last, 64) + 1) if last % b == 0]
            rule = f"divide the last axis of the weight, {last}"
            remedy = f"Take one of {fitting}."
            raise _checks.error("block_size", rule, self.width, remedy=remedy)
        # Rounded first: 0.1 * 30 must not need a fourth bucket.
        self.buckets = max(1, math.ceil(round(size * self.ratio / self.width, 9)))
        self.value = self.add_weight(
            name="value",
            shape=(self.buckets, self.width),
            initializer=self.initial_values(initializer, self.buckets * self.width),
            regularizer=regularizer,
        )

    def place(self, index, hash30):
        """Returns where blocks `index` lie in the stored values and their negatives.

        `hash30` computes on arrays or on tensors, and the result is of that kind.
        """
        return hashing.signed_buckets(index, self.buckets, self.seed, hash30)

    def mix(self, rows):
        """Returns the blocks of the weight from the stored rows at their places."""
        return rows

    def full(self, training=None):
        blocks = math.prod(self.shape) // self.width
        if self._zero is not None:
            index = ops.arange(self._zero, blocks + self._zero, dtype="int32")
            rows = hashing.look_up(self.value, self._place_in_graph(index))
        elif self.tables:
            rows = hashing.expand(self.value, self._stored_table())
        else:
            index = ops.arange(blocks, dtype="int32")
            rows = hashing.expand(self.value, self._place_in_graph(index))
        return ops.cast(ops.reshape(self.mix(rows), self.shape), self.compute_dtype)

    def rows(self, indices, training=None):
        # No table at all: the positions of a few rows are computed at once.
        blocks = math.prod(self.shape[1:]) // self.width
        first = ops.expand_dims(ops.cast(indices, "int32") * blocks, -1)
        index = ops.reshape(first + ops.arange(blocks, dtype="int32"), (-1,))
        expand = hashing.expand if training else hashing.look_up
        rows = self.mix(expand(self.value, self._place_in_graph(index)))
        shape = (*(-1 if n is None else n for n in indices.shape), *self.shape[1:])
        if shape.count(-1) > 1:
            shape = (*ops.shape(indices), *self.shape[1:])
        return ops.cast(ops.reshape(rows, shape), self.compute_dtype)

    def start(self, array):
        # The least-squares value of a bucket is the mean of its signed entries.
        index = self._placed()
        bucket, sign = index % self.buckets, np.where(index < self.buckets, 1.0, -1.0)
        rows = array.reshape(-1, self.width) * sign[:, None]
        sums = np.zeros((self.buckets, self.width))
        np.add.at(sums, bucket, rows)
        counts = np.bincount(bucket, minlength=self.buckets)
        self.value.assign(sums / np.maximum(counts, 1)[:, None])

    def get_config(self):
        return {
            **super().get_config(),
            "ratio": self.ratio,
            "block_size": self.block_size,
            "seed": self.seed,
            "tables": self.tables,
        }

    def _place_in_graph(self, index):
        return self.place(index, hashing.hash30_in_graph)

    @property
    def table_bytes(self) -> int:
        """The bytes of the table of positions that is held in memory."""
        return 0 if self._table is None else np.asarray(self._table).nbytes

    def _stored_table(self):
        if self._table is None:
            self._table = hashing.shared(self._placed())
        return self._table

    def _placed(self):
        index = np.arange(math.prod(self.shape) // self.width, dtype="int32")
        return self.place(index, hashing.hash30)


def _largest_block(axis: int) -> int:
    return next(b for b in range(min(BLOCK, axis), 0, -1) if axis % b == 0)
