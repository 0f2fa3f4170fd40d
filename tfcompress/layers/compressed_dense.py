"""A dense layer with any kernel."""

import keras
from keras import ops

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of


@host_of(keras.layers.Dense, optional=("bias",))
class CompressedDense(Host, keras.layers.Dense):
    r"""`Dense` whose kernel is computed by a `tfcompress.kernels.Kernel`.

    $$ y = \mathrm{activation}(x W + b) $$

    with $W$ as the kernel says. It takes all arguments of `keras.layers.Dense`, but
    `lora_rank` and `quantization_config`, and is `Dense` if `kernel` is `Full`.
    Regularizers act on what the kernel stores. Masks pass through.

    Args:
        units: Integer, size of the output, and so on as in `Dense`.
        kernel: A `Kernel`; `Full` if None. The layer takes a copy.

    Input shape:
        `(batch, ..., inputs)`.

    Output shape:
        `(batch, ..., units)`.

    Example:

    >>> kernel = tfc.kernels.LowRank(rank=32)
    >>> layer = tfc.layers.CompressedDense(1000, kernel=kernel, use_bias=False)
    >>> layer.build((None, 784))
    >>> layer.count_params()  # Dense would hold 784000
    57088
    """

    multiplies_by_parts = True

    def call(self, inputs, training=None):
        with self.computed(training, self.optional):
            outputs = self.kernels["kernel"].apply(
                ops.matmul, inputs, output_axis=-1, training=training
            )
            if self.use_bias:
                outputs = ops.add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    @classmethod
    def rows_of(cls, twin, name, inputs):
        return ops.reshape(inputs, (-1, inputs.shape[-1]))
