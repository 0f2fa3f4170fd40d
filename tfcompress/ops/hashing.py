"""The integer hash that places virtual weights in buckets, on any platform.

`hash30(i, seed)` is the finaliser of MurmurHash3 (32 bits) applied to
`i * 0x9E3779B1 + seed` modulo 2**32, of which the lowest 30 bits are kept. It uses
multiplication, exclusive or and shift only, so that NumPy and a graph of any backend
agree bit for bit, and so does the runtime of an exported file.
"""

import keras
import numpy as np
from keras import ops

from tfcompress.ops.compiled import compiled

GOLDEN = 0x9E3779B1
FIRST = 0x85EBCA6B
SECOND = 0xC2B2AE35


def hash30(index, seed: int) -> np.ndarray:
    """Returns 30-bit hashes of `index`, an array of non-negative integers.

    >>> hash30([0, 1, 2], seed=0).tolist()
    [0, 301794027, 992653278]
    """
    h = np.asarray(index).astype("uint32") * np.uint32(GOLDEN) + np.uint32(seed)
    h = (h ^ (h >> 16)) * np.uint32(FIRST)
    h = (h ^ (h >> 13)) * np.uint32(SECOND)
    return ((h ^ (h >> 16)) % np.uint32(2**30)).astype("int32")


def hash30_in_graph(index, seed: int):
    """Returns what `hash30` returns, computed by tensor operations on int32."""
    h = ops.cast(index, "int32") * _signed(GOLDEN) + _signed(seed)
    h = ops.bitwise_xor(h, _shift(h, 16)) * _signed(FIRST)
    h = ops.bitwise_xor(h, _shift(h, 13)) * _signed(SECOND)
    return ops.mod(ops.bitwise_xor(h, _shift(h, 16)), 2**30)


def seeds(seed: int) -> tuple[int, int]:
    """Returns the two seeds, of buckets and of signs, that follow from one."""
    bucket, sign = hash30([0, 1], seed % 2**32)
    return int(bucket), int(sign)


def signed_buckets(index, buckets: int, seed: int, hashing=hash30):
    """Returns bucket `k` for sign +1 and `k + buckets` for sign -1.

    `hashing` is `hash30` for arrays or `hash30_in_graph` for tensors.
    """
    bucket_seed, sign_seed = seeds(seed)
    bucket = hashing(index, bucket_seed) % buckets
    return bucket + buckets * (hashing(index, sign_seed) % 2)


def _signed(value: int) -> np.int32:
    return np.uint32(value % 2**32).astype("int32")


def _shift(h, places: int):
    # The shift of a signed integer copies its sign; the remainder drops the copies.
    # (A bitwise and would say it plainer; TFLite has none.)
    return ops.mod(ops.right_shift(h, places), 2 ** (32 - places))


def expand(values, index):
    """Returns rows `index` of `[values; -values]`, values of shape (buckets, width).

    The gradient sums, with their signs, the rows that share a bucket. Both are spelled
    out, and compiled whatever the model is: the plain operations, and the sparse
    gradient of a gather, take several times as long as the layer itself.
    """
    buckets = values.shape[0]

    @ops.custom_gradient
    def gather(values):
        def gradient(*args, upstream=None):
            upstream = args[0] if upstream is None else upstream
            total = compiled(ops.segment_sum, values.shape, index.shape)
            sums = total(upstream, index, 2 * buckets)
            return sums[:buckets] - sums[buckets:]

        rows = compiled(look_up, values.shape, index.shape)
        return rows(values, index), gradient

    # The reshape reads a variable here: a custom gradient must not read one inside.
    return gather(ops.reshape(values, values.shape))


def shared(array):
    """Returns `array` as one tensor in memory, however many graphs read it.

    A plain array becomes a constant in each graph, copied there several times over.
    """
    if keras.backend.backend() != "tensorflow":
        return array
    import tensorflow as tf

    with tf.init_scope():
        return tf.constant(array)


def look_up(values, index):
    """Returns what `expand` returns, for graphs that are not trained.

    Halves of opposite sign, put together and gathered from, would say it plainer; in a
    file they take twice the room, and in a compiled step three times as long.
    """
    buckets = values.shape[0]
    sign = ops.cast(1 - 2 * (index // buckets), values.dtype)
    return ops.take(values, index % buckets, axis=0) * ops.expand_dims(sign, -1)
