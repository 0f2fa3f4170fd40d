"""An embedding with any kernel."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Embedding, hosted=("embeddings",))
class CompressedEmbedding(Host, keras.layers.Embedding):
    r"""`Embedding` whose table is computed by a `tfcompress.kernels.Kernel`.

    Only the rows that a batch looks up are computed, where the kernel can do so
    (`Hashed`, `LowRank`, `Binary`). It takes all arguments of `keras.layers.Embedding` but
    those of LoRA and of quantization, and is it if `embeddings` is `Full`.

    Args:
        input_dim: Integer, size of the vocabulary, and so on as in `Embedding`.
        weights: An array to start from, which the kernel comes as near to as it can.
        embeddings: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, ...)` of integers in `[0, input_dim)`.

    Output shape:
        `(batch, ..., output_dim)`.

    Example:

    >>> kernel = tfc.kernels.Hashed(ratio=1 / 64)
    >>> layer = tfc.layers.CompressedEmbedding(20000, 64, embeddings=kernel)
    >>> layer.build()
    >>> layer.count_params()  # Embedding would hold 1280000
    20000
    """

    def build(self, input_shape=None):
        if self.kernels["embeddings"].prepares:
            rule = "leave its inputs as they are: those of an embedding are indices"
            kernel = self.kernels["embeddings"].get_config()
            raise _checks.error("embeddings", rule, kernel)
        super().build(input_shape)

    def set_weights(self, weights):
        # Keras calls this from __init__ with the table that `weights` gave.
        whole = len(weights) == 1 and tuple(weights[0].shape) == (
            self.input_dim,
            self.output_dim,
        )
        if whole:
            self.kernels["embeddings"].encode(weights[0])
        else:
            super().set_weights(weights)

    def call(self, inputs, training=None):
        if inputs.dtype not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        rows = self.kernels["embeddings"].rows(inputs, training)
        return ops.cast(rows, self.compute_dtype)

    @classmethod
    def rows_of(cls, twin, name, inputs):
        return ops.cast(inputs, "int32")
