"""What kernels that turn one convolution into a chain of smaller ones share."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import low_rank


class ConvolutionFactors(Kernel):
    """A convolution kernel that is a product of factors, applied one after the other.

    A new one overrides `choose`, which sets its ranks for `shape`; `factors`; `left`
    and `right`, of which the product of matrices is the weight; `apply`; `decompose`,
    which returns the factors of a trained weight; and `macs` if it must.
    """

    def __init__(self, *, must_pay=True, **kwargs):
        super().__init__(**kwargs)
        self.must_pay = _checks.boolean("must_pay", must_pay)

    def choose(self):
        """Chooses the ranks; the shape of the weight is known."""

    def factors(self):
        """Returns shape, and power of the meant deviation, of each factor by name."""
        raise NotImplementedError

    def left(self):
        """Returns all factors but the last one, as `(*window, channels, inner)`."""
        raise NotImplementedError

    def right(self):
        """Returns the last factor as a matrix, `(inner, filters)`."""
        raise NotImplementedError

    def decompose(self, array):
        """Returns the factors of `array`, in the order of `factors`."""
        raise NotImplementedError

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        if len(self.shape) < 3:
            rule = "have a window besides its inputs and outputs"
            remedy = "For matrices there is `LowRank`."
            raise _checks.error("shape", rule, self.shape, remedy=remedy)
        self.choose()
        made = self.factors()
        if self.must_pay:
            self._refuse_too_many(sum(math.prod(s) for s, _ in made.values()))
        for name, (size, deviation) in made.items():
            weight = self.add_weight(
                name=name,
                shape=size,
                initializer=self._scaled(initializer, deviation),
                regularizer=regularizer,
            )
            setattr(self, name, weight)

    def full(self, training=None):
        whole = ops.matmul(self.left(), self.right())
        return ops.cast(whole, self.compute_dtype)

    def in_steps(self, inner, output_axis):
        """Returns the product of `inner` with the last factor, along `output_axis`."""
        return self.mixed(inner, self.right(), output_axis)

    def mixed(self, inputs, matrix, axis):
        """Returns `inputs` with the channels at `axis` multiplied by `matrix`."""
        matrix = ops.cast(matrix, self.compute_dtype)
        if axis == -1:
            return ops.matmul(inputs, matrix)
        outputs = ops.matmul(ops.moveaxis(inputs, axis, -1), matrix)
        return ops.moveaxis(outputs, -1, axis)

    def start(self, array):
        for name, value in zip(self.factors(), self.decompose(array), strict=True):
            variable = getattr(self, name)
            variable.assign(np.reshape(value, variable.shape))

    def start_on(self, array, inputs):
        matrix = array.reshape(-1, array.shape[-1])
        left, right = (ops.convert_to_numpy(f()) for f in (self.left, self.right))
        left = left.reshape(len(matrix), -1).astype("float64")
        *_, last = self.factors()
        variable = getattr(self, last)
        improved = low_rank.improve_right(matrix, left, right, inputs)
        variable.assign(np.reshape(improved, variable.shape))

    def macs(self):
        return sum(math.prod(shape) for shape, _ in self.factors().values())

    def get_config(self):
        return {**super().get_config(), "must_pay": self.must_pay}

    def highest(self, stored):
        """Returns the highest whole number for which `stored` of it pays; 0 if none."""
        count = 0
        while stored(count + 1) < math.prod(self.shape):
            count += 1
        return count

    def rank_of(self, rank, ratio, stored):
        """Returns `rank`, or the highest one that stores at most `ratio`."""
        if rank is not None:
            return rank
        highest = self.highest(stored)
        size = math.prod(self.shape)
        fitting = [r for r in range(1, highest + 1) if stored(r) <= ratio * size]
        if not fitting:
            rule = f"leave at least rank 1 of a weight of {self.shape}"
            remedy = (
                f"Rank 1 stores {stored(1) / size:.3g} of it."
                if highest
                else "No rank pays here; leave this layer as it is."
            )
            raise _checks.error("ratio", rule, ratio, remedy=remedy)
        return fitting[-1]

    def paying(self):
        """Returns in words what would pay, for an error."""
        return "Leave this layer as it is, or take less."

    def _refuse_too_many(self, stored):
        size = math.prod(self.shape)
        if stored >= size:
            rule = f"store less than the {size} numbers of {self.shape}"
            name = type(self).__name__
            raise _checks.error(name, rule, stored, remedy=self.paying())

    def _scaled(self, initializer, deviation):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def draw(shape, dtype=None):
            meant = ops.std(initializer(self.shape, dtype=dtype))
            return deviation(meant) * keras.random.normal(shape, dtype=dtype)

        return draw
