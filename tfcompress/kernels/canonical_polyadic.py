"""A convolution kernel that is a sum of outer products of vectors."""

import math

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.convolution_factors import ConvolutionFactors
from tfcompress.ops import tensor_decompositions as decompositions


@keras.saving.register_keras_serializable(package="tfcompress")
class CanonicalPolyadic(ConvolutionFactors):
    r"""A convolution kernel that is a sum of `rank` outer products (CP decomposition).

    $$ W_{h w c o} = \sum_r a_{h r}\, b_{w r}\, c_{c r}\, d_{o r} $$

    stores `rank * (height + width + inputs + filters)` numbers. In a convolution it is a
    chain: 1x1 to `rank` channels, one filter for each of them, 1x1 to the filters. Where
    there is no such convolution (three dimensions, unequal strides), one to `rank`
    channels and a 1x1.

    From a trained kernel it starts at alternating least squares; from a trained layer and
    its inputs, the last factor is then fitted to the outputs. The decomposition is less
    stable than `Tucker`: fine-tune with a small rate.

    Args:
        rank: Integer, number of outer products.
        ratio: In its place: stored over full weights, `0 < ratio <= 1`.
        must_pay: If False, a rank that stores as much as the kernel is accepted.

    Raises:
        ValueError: If not exactly one of `rank` and `ratio` is given, if the rank does
            not pay, or for a matrix.

    Example:

    >>> kernel = tfc.kernels.CanonicalPolyadic(rank=32)
    >>> kernel.build((3, 3, 64, 64))
    >>> kernel.stored_bits() / 32  # 32 * (3 + 3 + 64 + 64), in place of 36864
    4288.0

    References:
        - [Lebedev et al., 2015](https://arxiv.org/abs/1412.6553)
    """

    def __init__(self, *, rank=None, ratio=None, **kwargs):
        super().__init__(**kwargs)
        if (rank is None) == (ratio is None):
            rule = "be given, or else `ratio`, and not both"
            raise _checks.error("rank", rule, rank, remedy=f"`ratio` is {ratio}.")
        self.rank = None if rank is None else _checks.integer("rank", rank)
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)

    def choose(self):
        self.inner = self.rank_of(self.rank, self.ratio, self._stored)

    def factors(self):
        r, axes = self.inner, len(self.shape)

        def deviation(meant):  # of which the product of all, summed, is the meant one
            return (meant / math.sqrt(r)) ** (1 / axes)

        *sizes, filters = self.shape
        names = [*(f"axis_{i}" for i in range(axes - 2)), "channels"]
        made = {name: ((n, r), deviation) for name, n in zip(names, sizes, strict=True)}
        return {**made, "filters": ((r, filters), deviation)}

    def left(self):
        return ops.expand_dims(self._window(), -2) * self.channels

    def right(self):
        return self.filters

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None:
            return super().apply(op, inputs, training=training)
        if getattr(op, "has_depthwise", False):
            few = self.mixed(inputs, self.channels, output_axis)
            window = ops.cast(self._window(), self.compute_dtype)
            inner = op.depthwise(few, ops.expand_dims(window, -1))
        else:
            inner = op(inputs, ops.cast(self.left(), self.compute_dtype))
        return self.in_steps(inner, output_axis)

    def decompose(self, array):
        *factors, filters = decompositions.canonical_polyadic(array, self.inner)
        return [*factors, filters.T]

    def macs(self):
        *window, channels, filters = self.shape
        return self.inner * (channels + math.prod(window) + filters)

    def paying(self):
        highest = self.highest(self._stored)
        return f"The highest rank that pays is {highest}."

    def get_config(self):
        return {**super().get_config(), "rank": self.rank, "ratio": self.ratio}

    def _stored(self, rank):
        return rank * sum(self.shape)

    def _window(self):
        """The outer products of the window's factors, of shape `(*window, rank)`."""
        window = self.axis_0
        for i in range(1, len(self.shape) - 2):
            window = ops.expand_dims(window, -2) * getattr(self, f"axis_{i}")
        return ops.convert_to_tensor(window)
