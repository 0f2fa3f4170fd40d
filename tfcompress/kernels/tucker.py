"""A convolution between few channels, with products before and after it."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.convolution_factors import ConvolutionFactors
from tfcompress.ops import low_rank
from tfcompress.ops import tensor_decompositions as decompositions


@keras.saving.register_keras_serializable(package="tfcompress")
class Tucker(ConvolutionFactors):
    r"""A convolution kernel with fewer channels inside: a Tucker decomposition.

    $$ W_{h c o} = \sum_{r s} A_{c r}\, G_{h r s}\, B_{s o} $$

    over the window $h$, the input channels $c$ and the filters $o$. In a convolution it is
    a chain of three, 1x1 to $r$ channels, the window to $s$, 1x1 to the filters; the full
    kernel is never formed, but where there are groups. The window, which is small, is
    left as it is.

    From a trained kernel it starts at a higher-order orthogonal iteration; from a trained
    layer and its inputs, the last factor is then fitted to the outputs.
    One of `ranks`, `ratio` and `energy` must be given.

    Args:
        ranks: Pair of integers, channels inside: `(r, s)`.
        ratio: Stored numbers over those of the kernel, `0 < ratio <= 1`; both ranks are
            the same share of their channels, as large as holds it.
        energy: Share of the sum of squares of a trained kernel that is surely kept,
            `0 < energy <= 1`. It needs a trained kernel: use it in
            `tfcompress.convert`.
        must_pay: If False, ranks that store as much as the kernel are accepted.

    Raises:
        ValueError: If none or several of the three are given, if a rank is above the
            number of channels, if they do not pay, or for a matrix.

    Example:

    >>> kernel = tfc.kernels.Tucker(ranks=(16, 16))
    >>> kernel.build((3, 3, 64, 64))
    >>> kernel.macs()  # 64 * 16 + 9 * 16 * 16 + 16 * 64, in place of 36864
    4352

    References:
        - [Kim et al., 2016](https://arxiv.org/abs/1511.06530)
        - [De Lathauwer et al., 2000](https://doi.org/10.1137/S0895479898346995)
    """

    def __init__(self, *, ranks=None, ratio=None, energy=None, **kwargs):
        super().__init__(**kwargs)
        given = {"ranks": ranks, "ratio": ratio, "energy": energy}
        if sum(value is not None for value in given.values()) != 1:
            rule = "be given, or else `ratio` or `energy`, and only one of them"
            raise _checks.error("ranks", rule, ranks, remedy=f"Given: {given}.")
        if ranks is not None:
            if not isinstance(ranks, (list, tuple)) or len(ranks) != 2:
                raise _checks.error("ranks", "be a pair of integers", ranks)
            ranks = tuple(_checks.integer("ranks", rank) for rank in ranks)
        self.ranks = ranks
        self.ratio = None if ratio is None else _checks.ratio("ratio", ratio)
        self.energy = None if energy is None else _checks.ratio("energy", energy)

    def choose(self):
        if self.energy is not None:
            rule = "start from a trained kernel"
            remedy = "Use it in `tfcompress.convert`, or give `ranks` or `ratio`."
            raise _checks.error("energy", rule, self.energy, remedy=remedy)
        channels = self.shape[-2:]
        self.inner = self.ranks or self._for_ratio()
        if any(rank > most for rank, most in zip(self.inner, channels, strict=True)):
            rule = f"be at most {channels}, the channels of the kernel"
            raise _checks.error("ranks", rule, self.inner)

    def factors(self):
        *window, channels, filters = self.shape
        r, s = self.inner
        return {
            "before": ((channels, r), lambda meant: r**-0.5),
            "core": ((*window, r, s), lambda meant: meant),
            "after": ((s, filters), lambda meant: s**-0.5),
        }

    def left(self):
        # (channels, r) with (*window, r, s), along r.
        return ops.matmul(self.before, self.core)

    def right(self):
        return self.after

    def apply(self, op, inputs, *, output_axis=None, training=None):
        if output_axis is None:
            return super().apply(op, inputs, training=training)
        few = self.mixed(inputs, self.before, output_axis)
        inner = op(few, ops.cast(self.core, self.compute_dtype))
        return self.in_steps(inner, output_axis)

    def plan(self, array):
        if self.energy is None:
            return self.copy()
        # What both truncations lose is at most the sum of what each does.
        each = 1 - (1 - self.energy) / 2
        ranks = [
            low_rank.rank_for_energy(
                np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1), each
            )
            for axis in (-2, -1)
        ]
        return Tucker(ranks=ranks, must_pay=self.must_pay, dtype=self.dtype_policy)

    def decompose(self, array):
        return decompositions.tucker(array, *self.inner)

    def paying(self):
        return (
            f"Ranks of {self._share(1.0)} pay."
            if self._share(1.0)
            else ("No ranks pay here; leave this layer as it is.")
        )

    def get_config(self):
        return {
            **super().get_config(),
            "ranks": self.ranks,
            "ratio": self.ratio,
            "energy": self.energy,
        }

    def _for_ratio(self):
        ranks = self._share(self.ratio)
        if ranks is None:
            rule = f"leave at least ranks of 1 for a kernel of {self.shape}"
            raise _checks.error("ratio", rule, self.ratio)
        return ranks

    def _share(self, ratio):
        """Returns the largest ranks, in the proportion of the channels, that hold it."""
        *window, channels, filters = self.shape
        size, k = math.prod(self.shape), math.prod(window)
        best = None
        for r in range(1, channels + 1):
            s = max(1, round(r * filters / channels))
            stored = channels * r + k * r * s + s * filters
            if stored <= ratio * size and stored < size:
                best = (r, s)
        return best
