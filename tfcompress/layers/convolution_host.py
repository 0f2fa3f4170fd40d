"""What the hosts of plain convolutions share: one call for 1, 2 and 3 dimensions."""

from keras import ops

from tfcompress.layers.host import Host


class ConvolutionHost(Host):
    """A host whose twin convolves with all its kernel at once."""

    def call(self, inputs, training=None):
        channels = -1 if self.data_format == "channels_last" else 1
        with self.computed(training, self.optional):
            outputs = self.kernels["kernel"].apply(
                self._convolve,
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

    def _convolve(self, inputs, kernel):
        return self.convolution_op(inputs, kernel)
