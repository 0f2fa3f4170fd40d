"""A convolution kernel whose frequencies share a few stored values."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import cosine_transform, hashing

# How the budget falls with the frequency: a beta density's exponents.
SHAPE = {"a": 0.25, "b": 2.5}


@keras.saving.register_keras_serializable(package="tfcompress")
class FrequencyHashed(Hashed):
    r"""A convolution kernel of which the cosine transform is hashed, band by band.

    Filters are smooth: their low frequencies matter most. With $F$ the transform of the
    kernel over its spatial axes and $j$ the band of a frequency (the sum of its indices),

    $$ F_{j_1 j_2, c, k} = \xi\, w^{(j)}_{h(j_1, j_2, c, k)}, \quad
       V = \operatorname{IDCT}_2(F) $$

    where every band has buckets of its own, high bands fewer for their size. They
    add up to `ratio * size` exactly. A 1x1 filter, and the matrix of a dense layer,
    have one band: that is plain hashing.

    Not gained: time. The full kernel is computed for each call.

    Args:
        ratio: Stored values over entries of the weight, `0 < ratio <= 1`.
        block_size: Filters that are hashed together; 16 if None, or the largest
            smaller divisor of their number. The paper has 1.
        seed: Integer that places the entries; drawn if None.
        tables: If False, positions are computed for each call and never kept.

    Raises:
        ValueError: If `ratio` leaves no bucket for a band, or as `Hashed` does.

    Example:

    >>> kernel = tfc.kernels.FrequencyHashed(ratio=1 / 16, block_size=1, seed=0)
    >>> kernel.build((3, 3, 16, 32))
    >>> kernel.count_params(), kernel.band_buckets.tolist()  # 4608 / 16, by frequency
    (288, [139, 84, 52, 12, 1])

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1506.04449)
    """

    def build(self, shape, **wishes):
        super().build(shape, **wishes)
        spatial = self.shape[:-2]
        self._bands = cosine_transform.bands(spatial)
        self._blocks = math.prod(self.shape[-2:]) // self.width
        sizes = np.bincount(self._bands) * self._blocks
        if self.buckets < len(sizes):
            rule = f"leave a bucket for each of {len(sizes)} bands"
            least = len(sizes) * self.width / math.prod(self.shape)
            remedy = f"The least is {least:.3g} with blocks of {self.width}."
            raise _checks.error("ratio", rule, self.ratio, remedy=remedy)
        self.band_buckets = cosine_transform.share_budget(
            sizes, self.buckets, **SHAPE
        ).astype("int32")

    def place(self, index, hash30):
        buckets = self.band_buckets
        first = (np.cumsum(buckets) - buckets).astype("int32")
        bucket_seed, sign_seed = hashing.seeds(self.seed)
        # By position, of which there are few: the band, its buckets, its first one.
        position = index // self._blocks
        look = _look_up_of(index)
        count = look(buckets[self._bands], position)
        offset = look(first[self._bands], position)
        bucket = offset + hash30(index, bucket_seed) % count
        return bucket + self.buckets * (hash30(index, sign_seed) % 2)

    def full(self, training=None):
        return cosine_transform.from_frequencies(super().full(training))

    def rows(self, indices, training=None):
        return Kernel.rows(self, indices, training)

    def start(self, array):
        # The transform keeps distances, so least squares there is least squares here.
        super().start(cosine_transform.to_frequencies(array))


def _look_up_of(index):
    if isinstance(index, np.ndarray):
        return lambda table, places: table[places]
    return lambda table, places: ops.take(table, places)
