"""A weight that has only a few different values, which are learned."""

import contextlib
import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import clustering, shared_values

LETTERS = 16  # bits of a word: its table stays in a cache
LONGEST = 4


@keras.saving.register_keras_serializable(package="tfcompress")
class Clustered(Kernel):
    r"""A weight of `codebook` different values, shared by its entries.

    $$ W_{ij} = c_{k(i, j)}, \qquad
       \frac{\partial L}{\partial c_k} =
       \sum_{k(i,j) = k} \frac{\partial L}{\partial W_{ij}} $$

    The values $c$ are trained, the choice $k$ is not (trained quantization of Deep
    Compression). From a trained weight (`encode`) the values begin at the means of
    k-means, and each entry has the nearest one. If the weight has zeros, as a pruned one
    has, one of the values is 0 and stays so: zeros are kept exactly, and no other entry
    becomes one.

    Not gained: a faster layer. A TFLite file holds the whole weight, or if it is
    `compact` the values and indices, as many to a byte as fit (two of 16 values), and
    looks the weight up in each call, which is slow. `stored_bits` are those of indices
    and values. Most is gained in an archive with entropy coding.

    Args:
        codebook: Number of values, from 2 to 256; 16 take 4 bits an entry.
        start: Where k-means begins: `"linear"`, evenly spread, which keeps the large
            values and is the best of the paper; `"density"`, as many entries for each;
            or `"kmeans"`, drawn apart from each other (k-means++).

    Raises:
        ValueError: If `codebook` or `start` is another, or if the host has a constraint.

    Example:

    >>> kernel = tfc.kernels.Clustered(codebook=3)
    >>> kernel.build((2, 3))
    >>> _ = kernel.encode([[0.0, 1.0, 2.0], [0.0, 0.9, 2.2]])
    >>> kernel.full().numpy().astype(float).round(4).tolist()
    [[0.0, 0.95, 2.1], [0.0, 0.95, 2.1]]

    References:
        - [Han et al., 2015](https://arxiv.org/abs/1510.00149)
    """

    has_compact_form = True
    _bytes = None

    def __init__(self, *, codebook=16, start="linear", **kwargs):
        super().__init__(**kwargs)
        self.codebook = _checks.integer("codebook", codebook, low=2, high=256)
        self.start_at = _checks.choice("start", start, tuple(clustering.STARTS))
        self._size = 1 << math.ceil(math.log2(codebook))

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        self.values = self.add_weight(
            name="values",
            shape=(self._size,),
            initializer=self._spread(initializer),
            regularizer=regularizer,
            autocast=False,
        )
        # 0 where the value is a zero that stays.
        self.free = self.add_weight(
            name="free",
            shape=(self._size,),
            initializer="ones",
            trainable=False,
            autocast=False,
        )
        self._word = _word_length(self._size, math.prod(self.shape))
        words = -(-math.prod(self.shape) // self._word)
        self.words = self.add_weight(
            name="words",
            shape=(words,),
            initializer=self._draw,
            dtype="int32",
            trainable=False,
        )

    def full(self, training=None):
        values = self.values * self.free
        if self._bytes is not None:
            flat = ops.take(values, self._unpacked(), axis=0)
        else:
            flat = shared_values.look_up(values, self.words, self._word)
        full = ops.reshape(flat[: math.prod(self.shape)], self.shape)
        return ops.cast(full, self.compute_dtype)

    def start(self, array):
        zeros = array == 0
        numbers = array[~zeros] if zeros.any() else array.ravel()
        count = self.codebook - bool(zeros.any())
        centres = np.zeros(1)
        if numbers.size:
            centres = clustering.kmeans(numbers, count, self.start_at)
        index = clustering.nearest(array, centres)
        free = np.ones(self._size)
        if zeros.any():
            index = np.where(zeros, 0, index + 1)
            centres = np.concatenate([[0], centres])
            free[0] = 0
        self.values.assign(np.pad(centres, (0, self._size - centres.size)))
        self.free.assign(free)
        self.words.assign(_words(index.ravel(), self._word, self._size))

    def indices(self):
        """Returns which of the values each entry has, an integer array of its shape."""
        words = ops.convert_to_numpy(self.words)
        powers = self._size ** np.arange(self._word - 1, -1, -1)
        flat = (words[:, None] // powers % self._size).reshape(-1)
        return flat[: math.prod(self.shape)].reshape(self.shape)

    @contextlib.contextmanager
    def recomputed(self, zero=0):
        with super().recomputed(zero):
            # A SavedModel has the words, as they are; a compact file packed indices.
            if ops.is_tensor(zero):
                length = self._byte_length
                self._bytes = _words(self.indices().ravel(), length, self.codebook)
            try:
                yield
            finally:
                self._bytes = None

    @property
    def _byte_length(self):
        return next(n for n in range(8, 0, -1) if self.codebook**n <= 256)

    def _unpacked(self):
        """Returns `indices`, flat, by operations that keep the bytes of a file."""
        places = ops.arange(self._zero, len(self._bytes) + self._zero, dtype="int32")
        # Looked up before the cast, or a converter would store what the cast gives.
        found = ops.take(self._bytes.astype("uint8"), places, axis=0)
        found = ops.expand_dims(ops.cast(found, "int32"), -1)
        powers = self.codebook ** np.arange(self._byte_length - 1, -1, -1)
        return ops.reshape(found // powers.astype("int32") % self.codebook, (-1,))

    def stored_bits(self):
        bits = math.ceil(math.log2(self.codebook))
        return math.prod(self.shape) * bits + 32 * self.codebook

    @property
    def prunable(self):
        return []  # a zero in the codebook would be a zero for many entries

    def get_config(self):
        config = {"codebook": self.codebook, "start": self.start_at}
        return {**super().get_config(), **config}

    def _spread(self, initializer):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def spread(shape, dtype=None):
            # Of even values from -a to a the deviation is a / sqrt(3), or a bit more.
            line = np.linspace(-1, 1, self.codebook)
            line = np.pad(line / line.std(), (0, self._size - self.codebook))
            return ops.std(initializer(self.shape, dtype=dtype)) * ops.cast(line, dtype)

        return spread

    def _draw(self, shape, dtype=None):
        drawn = keras.random.randint((*shape, self._word), 0, self.codebook)
        powers = self._size ** np.arange(self._word - 1, -1, -1)
        return ops.cast(ops.sum(drawn * ops.cast(powers, "int32"), axis=-1), dtype)


def _word_length(size, entries):
    """Returns how many indices are looked up at once, as a word of a larger codebook."""
    lengths = range(min(LONGEST, LETTERS // (size.bit_length() - 1)), 1, -1)
    # A table of words that is larger than the weight costs more than it saves.
    return next((n for n in lengths if n * size**n <= entries), 1)


def _words(index, length, size):
    padded = np.pad(index, (0, -index.size % length)).reshape(-1, length)
    return padded @ (size ** np.arange(length - 1, -1, -1))
