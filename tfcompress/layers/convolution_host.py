"""What the hosts of plain convolutions share: one call for 1, 2 and 3 dimensions."""

import math

from keras import ops

from tfcompress.layers.convolution import Convolution
from tfcompress.layers.host import Host


class ConvolutionHost(Host):
    """A host whose twin convolves with all its kernel at once."""

    multiplies_by_parts = True

    def call(self, inputs, training=None):
        channels = -1 if self.data_format == "channels_last" else 1
        with self.computed(training, self.optional):
            outputs = self.kernels["kernel"].apply(
                Convolution(self),
                inputs,
                # With groups, fewer filters are not a convolution of the same kind.
                output_axis=channels if self.groups == 1 else None,
                training=training,
            )
            if self.use_bias:
                shape = [1] * len(outputs.shape)
                shape[channels] = self.filters
                outputs = ops.add(outputs, ops.reshape(self.bias, shape))
        return outputs if self.activation is None else self.activation(outputs)

    @classmethod
    def rows_of(cls, twin, name, inputs):
        if twin.groups > 1:
            return None
        # Convolved with the identity, each pixel of the output is its own window.
        *window, channels, _ = twin.kernel.shape
        size = math.prod(window) * channels
        identity = ops.reshape(ops.eye(size), (*window, channels, size))
        rows = Convolution(twin)(inputs, ops.cast(identity, inputs.dtype))
        if twin.data_format == "channels_first":
            rows = ops.moveaxis(rows, 1, -1)
        return ops.reshape(rows, (-1, size))
