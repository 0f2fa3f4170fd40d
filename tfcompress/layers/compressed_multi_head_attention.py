"""An attention layer with any kernels."""

import keras

from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense
from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of

# The names that Keras gives to the projections inside, and the arguments of ours.
PROJECTIONS = {
    "query": "query_kernel",
    "key": "key_kernel",
    "value": "value_kernel",
    "attention_output": "output_kernel",
}


@host_of(keras.layers.MultiHeadAttention, hosted=tuple(PROJECTIONS.values()))
class CompressedMultiHeadAttention(Host, keras.layers.MultiHeadAttention):
    r"""`MultiHeadAttention` whose projections have any kernels.

    It takes all arguments of `keras.layers.MultiHeadAttention`, and is it where the
    kernels are `Full`. Queries, keys and values are projected with kernels of shape
    `(features, heads, key_dim)`, the result with one of `(heads, value_dim, features)`.

    Args:
        num_heads: Integer, and so on as in `MultiHeadAttention`.
        query_kernel: A `Kernel`; `Full` if None.
        key_kernel: A `Kernel`; `Full` if None.
        value_kernel: A `Kernel`; `Full` if None.
        output_kernel: A `Kernel`; `Full` if None.
        kernels: A `Kernel` for those of the four that are not given.

    Input shape:
        Query `(batch, targets, features)`, value and key `(batch, sources, features)`.

    Output shape:
        `(batch, targets, features)`.

    Example:

    >>> layer = tfc.layers.CompressedMultiHeadAttention(
    ...     4, 16, kernels=tfc.kernels.Hashed(ratio=1 / 8), use_bias=False
    ... )
    >>> x = np.ones((2, 10, 64))
    >>> _ = layer(x, x)
    >>> layer.count_params()  # 4 * 64 * 64 / 8
    2048
    """

    def __init__(self, *args, **kwargs):
        # Not an attribute that Keras tracks: the kernels will be the projections'.
        self.__dict__["_given"] = self.take_kernels(kwargs)
        self.twin.__init__(self, *args, **kwargs)

    def __setattr__(self, name, value):
        plain = isinstance(value, keras.layers.EinsumDense)
        if plain and not isinstance(value, Host) and value.name in PROJECTIONS:
            kernel = self._given[PROJECTIONS[value.name]]
            config = {**value.get_config(), "kernel": kernel}
            value = CompressedEinsumDense.from_config(config)
        super().__setattr__(name, value)

    @property
    def kernels(self):
        if not self.built:
            return self._given
        return {
            name: self.projection(self, name).kernels["kernel"] for name in self.hosted
        }

    def weight(self, name):
        return self.projection(self, name).kernel

    @staticmethod
    def projection(layer, name):
        """Returns the layer inside `layer` that has the weight `name`."""
        return getattr(layer, f"{name.removesuffix('_kernel')}_dense")

    @classmethod
    def weight_of(cls, twin, name):
        return cls.projection(twin, name).kernel
