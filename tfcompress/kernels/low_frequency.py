"""A weight that a few low-frequency coefficients generate."""

import math

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.dictionaries.cosine import Cosine
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import low_rank


@keras.saving.register_keras_serializable(package="tfcompress")
class LowFrequency(Kernel):
    r"""A weight $W = U F V^T$ whose cosine transform has only low frequencies.

    $W$ is read as a matrix of its last axis against all others; $U$ and $V$ hold the lowest
    waves of the cosine transform along both, and follow from their sizes. Only the
    coefficients $F$ are learned and stored: neighbouring units have neighbouring
    weights. The product is computed as $((x U) F) V^T$ where the host's operation allows
    it. From a trained weight $F$ starts at its transform, which is the nearest; from a
    trained layer and its inputs, at what is nearest for the outputs.

    Not gained: accuracy, where the order of inputs and units means nothing; a trained
    layer is then like noise. Train from scratch, or search: few numbers suffice. The
    bytes of $U$ and $V$ in an exported file are gained only if it is `compact`.

    Args:
        ratio: Stored numbers over entries of $W$, `0 < ratio <= 1`: both axes keep the
            same share of their frequencies.
        coefficients: In its place: pair of integers, frequencies along both.
        grid: Sizes of the axes along which the inputs lie, such as `(28, 28)`, as in
            `tfcompress.dictionaries.Cosine`.

    Raises:
        ValueError: If not exactly one of `ratio` and `coefficients` is given, or if
            there are fewer frequencies than asked for.

    Example:

    >>> kernel = tfc.kernels.LowFrequency(coefficients=(64, 32), grid=(28, 28))
    >>> kernel.build((784, 1000))
    >>> kernel.stored_bits() / 32
    2048.0

    References:
        - [Koutnik et al., 2010](https://doi.org/10.1145/1830483.1830596)
    """

    has_compact_form = True

    def __init__(self, *, ratio=None, coefficients=None, grid=None, **kwargs):
        super().__init__(**kwargs)
        if (ratio is None) == (coefficients is None):
            rule = "be given, or else `coefficients`, and not both"
            remedy = f"`coefficients` is {coefficients}."
            raise _checks.error("ratio", rule, ratio, remedy=remedy)
        if coefficients is not None:
            if not isinstance(coefficients, (list, tuple)) or len(coefficients) != 2:
                rule = "be a pair of integers"
                raise _checks.error("coefficients", rule, coefficients)
            coefficients = tuple(
                _checks.integer("coefficients", n) for n in coefficients
            )
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)
        self.coefficients = coefficients
        self._waves = Cosine(grid), Cosine()

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        m, n = self._sizes = math.prod(self.shape[:-1]), self.shape[-1]
        # Rounded first: the root of a quarter must not lose a frequency.
        share = None if self.ratio is None else round(self.ratio**0.5, 12)
        self.counts = self.coefficients or (int(share * m), int(share * n))
        if min(self.counts) < 1:
            rule = f"leave at least one frequency of each axis of {m} x {n}"
            remedy = f"The least is {1 / min(m, n) ** 2:.3g}."
            raise _checks.error("ratio", rule, self.ratio, remedy=remedy)
        if self.counts[0] > m or self.counts[1] > n:
            rule = f"be at most {(m, n)}, the frequencies that there are"
            raise _checks.error("coefficients", rule, self.counts)
        p, q = self.counts
        self._left = self._waves[0].atoms(self.shape[:-1], p)
        self._right = self._waves[1].atoms((n,), q)
        self.value = self.add_weight(
            name="value",
            shape=self.counts,
            initializer=self._scaled(initializer, math.sqrt(m * n / (p * q))),
            regularizer=regularizer,
        )

    def full(self, training=None):
        left, right = self._matrices()
        whole = ops.matmul(ops.matmul(left, self.value), ops.transpose(right))
        return ops.cast(ops.reshape(whole, self.shape), self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None:
            return super().apply(op, inputs, training=training)
        left, right = self._matrices()
        left = ops.reshape(left, (*self.shape[:-1], self.counts[0]))
        inner = ops.moveaxis(op(inputs, left), output_axis, -1)
        outputs = ops.matmul(
            ops.matmul(inner, self._coefficients()), ops.transpose(right)
        )
        return ops.moveaxis(outputs, -1, output_axis)

    def start(self, array):
        matrix = array.reshape(self._sizes)
        # The waves are orthonormal, so the nearest is what the transform has there.
        self.value.assign(self._left.T @ matrix @ self._right)

    def start_on(self, array, inputs):
        mixed = array.reshape(self._sizes).astype("float64") @ self._right
        value = ops.convert_to_numpy(self.value)
        improved = low_rank.improve_right(mixed, self._left, value, inputs)
        self.value.assign(improved)

    def macs(self):
        (m, n), (p, q) = self._sizes, self.counts
        return m * p + p * q + q * n

    def get_config(self):
        return {
            **super().get_config(),
            "ratio": self.ratio,
            "coefficients": self.coefficients,
            "grid": self._waves[0].grid,
        }

    def _coefficients(self):
        return ops.cast(self.value, self.compute_dtype)

    def _matrices(self):
        """Returns $U$ and $V$ in the compute dtype."""
        made = self._left, self._right
        if self._zero is not None:
            shapes = self.shape[:-1], (self.shape[-1],)
            made = [
                rule.entries(
                    ops.arange(self._zero, size + self._zero, dtype="int32"),
                    shape,
                    count,
                    ops,
                )
                for rule, size, shape, count in zip(
                    self._waves, self._sizes, shapes, self.counts, strict=True
                )
            ]
        return [ops.cast(matrix, self.compute_dtype) for matrix in made]

    def _scaled(self, initializer, factor):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def draw(shape, dtype=None):
            meant = ops.std(initializer(self.shape, dtype=dtype))
            return factor * meant * keras.random.normal(shape, dtype=dtype)

        return draw
