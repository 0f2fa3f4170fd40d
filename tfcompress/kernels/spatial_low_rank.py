"""A 2-D convolution as one along the height, then one along the width."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.convolution_factors import ConvolutionFactors
from tfcompress.ops import low_rank
from tfcompress.ops import tensor_decompositions as decompositions


@keras.saving.register_keras_serializable(package="tfcompress")
class SpatialLowRank(ConvolutionFactors):
    r"""A 2-D convolution kernel that is a product along its two spatial axes.

    $$ W_{h w c o} = \sum_r D_{h c r}\, A_{r w o} $$

    In a convolution it is one of `(height, 1)` to `rank` channels, then one of
    `(1, width)`: `rank * (height * inputs + width * filters)` numbers are stored and
    multiplied. From a trained kernel it starts at the best product of its rank, by the
    singular value decomposition. `LowRank` splits a kernel between its channels; which
    of the two is nearer depends on the kernel.

    Args:
        rank: Integer, channels between.
        ratio: In its place: stored over full weights, `0 < ratio <= 1`.
        must_pay: If False, a rank that stores as much as the kernel is accepted.

    Raises:
        ValueError: If not exactly one of `rank` and `ratio` is given, if the rank does
            not pay or is above that of the kernel, or if this is no 2-D convolution.

    Example:

    >>> kernel = tfc.kernels.SpatialLowRank(rank=16)
    >>> kernel.build((3, 3, 64, 64))
    >>> kernel.macs()  # 16 * (3 * 64 + 3 * 64), in place of 36864
    6144

    References:
        - [Jaderberg et al., 2014](https://arxiv.org/abs/1405.3866)
    """

    def __init__(self, *, rank=None, ratio=None, **kwargs):
        super().__init__(**kwargs)
        if (rank is None) == (ratio is None):
            rule = "be given, or else `ratio`, and not both"
            raise _checks.error("rank", rule, rank, remedy=f"`ratio` is {ratio}.")
        self.rank = None if rank is None else _checks.integer("rank", rank)
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)

    def choose(self):
        if len(self.shape) != 4:
            rule = "be that of a 2-D convolution"
            raise _checks.error("shape", rule, self.shape)
        height, width, channels, filters = self.shape
        self.inner = self.rank_of(self.rank, self.ratio, self._stored)
        most = min(height * channels, width * filters)
        if self.inner > most:
            rule = f"be at most {most} for a kernel of {self.shape}"
            raise _checks.error("rank", rule, self.inner)

    def factors(self):
        height, width, channels, filters = self.shape
        r = self.inner

        def deviation(meant):
            return ops.sqrt(meant / r**0.5)

        return {
            "down": ((height, 1, channels, r), deviation),
            "across": ((1, width, r, filters), deviation),
        }

    def full(self, training=None):
        whole = ops.einsum("hcr,rwo->hwco", self.down[:, 0], self._across())
        return ops.cast(whole, self.compute_dtype)

    def apply(self, op, inputs, *, output_axis=None, training=None):
        # Another operation than a convolution has no axes to go along.
        if output_axis is None or not hasattr(op, "along"):
            return super().apply(op, inputs, training=training)
        inner = op.along(0)(inputs, ops.cast(self.down, self.compute_dtype))
        return op.along(1)(inner, ops.cast(self.across, self.compute_dtype))

    def decompose(self, array):
        _, width, _, filters = self.shape
        down, across = low_rank.factorize(decompositions.by_axes(array), self.inner)
        across = across.reshape(self.inner, width, filters)
        return [down, np.swapaxes(across, 0, 1)]

    def start_on(self, array, inputs):
        """Leaves what `start` has made: the second factor does not see the inputs."""

    def paying(self):
        return f"The highest rank that pays is {self.highest(self._stored)}."

    def get_config(self):
        return {**super().get_config(), "rank": self.rank, "ratio": self.ratio}

    def _stored(self, rank):
        height, width, channels, filters = self.shape
        return rank * (height * channels + width * filters)

    def _across(self):
        return ops.transpose(self.across[0], (1, 0, 2))
