"""A weight that is the product of two thin matrices."""

import math

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import low_rank


@keras.saving.register_keras_serializable(package="tfcompress")
class LowRank(Kernel):
    r"""A weight $W = U V$ with $U$ of `rank` columns and $V$ of `rank` rows.

    $W$ is read as a matrix of its last axis ($n$) against all others ($m$). For a
    convolution $U$ is a convolution to `rank` channels and $V$ mixes them. Both
    factors are applied one after the other; their product is never formed where the
    host's operation allows it (`Dense` and ungrouped `Conv`: yes). So the layer
    stores and multiplies `rank * (m + n)` numbers in place of `m * n`.

    From a trained weight (`encode`) it starts at the best approximation of its rank; from
    a trained layer and its inputs, at the one whose outputs are nearest.
    One of `rank`, `ratio` and `energy` must be given.

    Args:
        rank: Integer, at most `min(m, n)`, and low enough to store less than $W$.
        ratio: Stored numbers over entries of $W$, `0 < ratio <= 1`; the highest rank
            that holds it is taken, and never one that does not pay.
        energy: Share of the sum of squares of a trained $W$ that is kept,
            `0 < energy <= 1`; the lowest rank that holds it is taken. It needs a
            trained weight: use it in `tfcompress.convert`.
        must_pay: If False, a rank that stores as much as $W$ or more is accepted.

    Raises:
        ValueError: If none or several of the three are given, if the rank is above
            `min(m, n)`, or if it does not pay.

    Example:

    >>> kernel = tfc.kernels.LowRank(rank=32)
    >>> kernel.build((784, 1000))
    >>> kernel.macs()  # 32 * (784 + 1000), where the full weight takes 784000
    57088

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
        - [Eckart and Young, 1936](https://doi.org/10.1007/BF02288367)
    """

    def __init__(self, *, rank=None, ratio=None, energy=None, must_pay=True, **kwargs):
        super().__init__(**kwargs)
        given = {"rank": rank, "ratio": ratio, "energy": energy}
        if sum(value is not None for value in given.values()) != 1:
            rule = "be given, or else `ratio` or `energy`, and only one of them"
            raise _checks.error("rank", rule, rank, remedy=f"Given: {given}.")
        self.rank = None if rank is None else _checks.integer("rank", rank)
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)
        self.energy = None if energy is None else _checks.ratio("energy", energy)
        self.must_pay = _checks.boolean("must_pay", must_pay)

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        m, n = self._matrix_shape(self.shape)
        self.factor_rank = self._choose_rank(m, n)
        # The product of two factors of this scale has the variance meant for W:
        # a sum of `rank` products of numbers that each have the root of it.
        self.left = self.add_weight(
            name="left",
            shape=(*self.shape[:-1], self.factor_rank),
            initializer=self._factor(initializer),
            regularizer=regularizer,
        )
        self.right = self.add_weight(
            name="right",
            shape=(self.factor_rank, n),
            initializer=self._factor(initializer),
            regularizer=regularizer,
        )

    def full(self, training=None):
        return ops.cast(ops.matmul(self.left, self.right), self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None:
            return super().apply(op, inputs, training=training)
        inner = op(inputs, ops.cast(self.left, self.compute_dtype))
        right = ops.cast(self.right, self.compute_dtype)
        if output_axis == -1:
            return ops.matmul(inner, right)
        outer = ops.matmul(ops.moveaxis(inner, output_axis, -1), right)
        return ops.moveaxis(outer, -1, output_axis)

    def rows(self, indices, training=None):
        rows = ops.matmul(ops.take(self.left, indices, axis=0), self.right)
        return ops.cast(rows, self.compute_dtype)

    def plan(self, array):
        if self.energy is None:
            return self.copy()
        return self._of_squares(low_rank.squares(self._matrix(array)))

    def plan_on(self, array, inputs):
        if self.energy is None:
            return self.copy()
        return self._of_squares(low_rank.output_squares(self._matrix(array), inputs))

    def start(self, array):
        self._assign(*low_rank.factorize(self._matrix(array), self.factor_rank))

    def start_on(self, array, inputs):
        matrix = self._matrix(array)
        self._assign(*low_rank.factorize_outputs(matrix, inputs, self.factor_rank))

    def macs(self):
        return self.factor_rank * sum(self._matrix_shape(self.shape))

    def get_config(self):
        return {
            **super().get_config(),
            "rank": self.rank,
            "ratio": self.ratio,
            "energy": self.energy,
            "must_pay": self.must_pay,
        }

    def _of_squares(self, squares):
        rank = low_rank.rank_for_squares(squares, self.energy)
        return LowRank(rank=rank, must_pay=self.must_pay, dtype=self.dtype_policy)

    def _matrix(self, array):
        return array.reshape(-1, array.shape[-1])

    def _assign(self, left, right):
        self.left.assign(left.reshape(self.left.shape))
        self.right.assign(right)

    def _matrix_shape(self, shape):
        return math.prod(shape[:-1]), shape[-1]

    def _choose_rank(self, m, n):
        if self.energy is not None:
            rule = "start from a trained weight"
            remedy = "Use it in `tfcompress.convert`, or give `rank` or `ratio`."
            raise _checks.error("energy", rule, self.energy, remedy=remedy)
        highest = min(m, n) if not self.must_pay else low_rank.paying_rank(m, n)
        if self.ratio is not None:
            rank = min(low_rank.rank_for_ratio(m, n, self.ratio), highest)
            if rank < 1:
                rule = f"leave at least rank 1 of a {m} x {n} weight"
                need = (m + n) / (m * n)
                remedy = f"Rank 1 stores {need:.3g} of it" + (
                    "."
                    if highest
                    else ": no rank pays here; leave this layer as it is."
                )
                raise _checks.error("ratio", rule, self.ratio, remedy=remedy)
            return rank
        if self.rank > min(m, n):
            rule = f"be at most {min(m, n)} for a {m} x {n} weight"
            raise _checks.error("rank", rule, self.rank)
        if self.rank > highest:
            rule = f"store less than the {m} x {n} weight does"
            remedy = (
                f"The highest rank that pays is {highest}."
                if highest
                else "No rank pays here; leave this layer as it is."
            )
            raise _checks.error("rank", rule, self.rank, remedy=remedy)
        return self.rank

    def _factor(self, initializer):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def draw(shape, dtype=None):
            meant = ops.std(initializer(self.shape, dtype=dtype))
            deviation = ops.sqrt(meant / math.sqrt(self.factor_rank))
            return deviation * keras.random.normal(shape, dtype=dtype)

        return draw
