"""The linear operation of a convolution layer, whole or in steps."""

from keras import ops


class Convolution:
    """What a layer does with a kernel: padding, strides and dilation are its own.

    It is the `op` that a convolution layer gives to `Kernel.apply`. Kernels that are a
    chain of convolutions find here what they need besides: `depthwise` and `along`.

    Args:
        layer: A Keras convolution layer, or what has its attributes.
    """

    def __init__(self, layer):
        self.rank = layer.rank
        self.padding = layer.padding
        self.strides = tuple(layer.strides)
        self.dilation_rate = tuple(layer.dilation_rate)
        self.data_format = layer.data_format

    def __call__(self, inputs, kernel):
        """Convolves with a kernel of shape `(*window, inputs, outputs)`."""
        inputs, padding = self._padded(inputs, kernel)
        return ops.conv(
            inputs,
            kernel,
            strides=list(self.strides),
            padding=padding,
            dilation_rate=self.dilation_rate,
            data_format=self.data_format,
        )

    def depthwise(self, inputs, kernel):
        """Convolves each channel by itself: `(*window, channels, multiplier)`."""
        inputs, padding = self._padded(inputs, kernel)
        return ops.depthwise_conv(
            inputs,
            kernel,
            strides=self.strides if self.rank > 1 else self.strides[0],
            padding=padding,
            dilation_rate=self.dilation_rate,
            data_format=self.data_format,
        )

    @property
    def has_depthwise(self):
        """Whether `depthwise` is there for the strides and dimensions of the layer."""
        return self.rank < 3 and len(set(self.strides)) == 1

    def along(self, axis):
        """Returns the part of this operation that moves along one spatial axis.

        For kernels of size 1 on the others. One after the other, along each axis, they
        read the pixels that the whole operation reads.
        """
        part = Convolution(self)
        part.strides = _only(self.strides, axis)
        part.dilation_rate = _only(self.dilation_rate, axis)
        return part

    def _padded(self, inputs, kernel):
        if self.padding != "causal":
            return inputs, self.padding
        steps, whole = [self.dilation_rate[0] * (kernel.shape[0] - 1), 0], [0, 0]
        last = self.data_format == "channels_last"
        return ops.pad(
            inputs, [whole, *([steps, whole] if last else [whole, steps])]
        ), "valid"


def _only(numbers, axis):
    return tuple(n if i == axis else 1 for i, n in enumerate(numbers))
