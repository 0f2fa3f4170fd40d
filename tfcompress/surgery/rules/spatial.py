"""Rules of layers that work on each channel's image or sequence by itself."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.convolution import channel_axis
from tfcompress.surgery.rules.rule import Rule


class Spatial(Rule):
    """A layer that leaves the channels apart, and a constant one as it is."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        axis = self.axis(call.inputs[0].shape)
        if channels.axis != axis:
            return self.refuse(inputs, trace, f"{self.part} works along another axis")
        return [Channels(self.output_axis(axis), channels.ids)]

    def axis(self, shape):
        """Returns the axis of the channels of an input of `shape`."""
        return channel_axis(self.layer, shape)

    def output_axis(self, axis):
        return axis

    def constants(self, use, values, threshold):
        return values[:1]


class Sequence(Spatial):
    """The same for layers of sequences that know no `data_format`."""

    def axis(self, shape):
        return len(shape) - 1


class Padding(Spatial):
    """Zeros around, beside which a constant is none, unless it is zero."""

    def axis(self, shape):
        first = getattr(self.layer, "data_format", None) == "channels_first"
        return 1 if first else len(shape) - 1

    def constants(self, use, values, threshold):
        return [None if v is None else np.where(v == 0, 0, np.nan) for v in values[:1]]


class Resizing(Spatial):
    """Images of another size, perhaps with a frame around."""

    def constants(self, use, values, threshold):
        return [None] if self.layer.pad_to_aspect_ratio else values[:1]


class GlobalPooling(Spatial):
    """One number for each channel."""

    def output_axis(self, axis):
        return axis if self.layer.keepdims else 1


def _each(*names):
    found = [f"{name}{rank}D" for name in names for rank in (1, 2, 3)]
    return [getattr(keras.layers, name) for name in found]


RULES = {
    **dict.fromkeys(_each("AveragePooling", "MaxPooling"), Spatial),
    **dict.fromkeys(_each("GlobalAveragePooling", "GlobalMaxPooling"), GlobalPooling),
    **dict.fromkeys(_each("ZeroPadding"), Padding),
    keras.layers.Cropping1D: Sequence,
    keras.layers.Cropping2D: Spatial,
    keras.layers.Cropping3D: Spatial,
    keras.layers.Resizing: Resizing,
    keras.layers.UpSampling1D: Sequence,
    keras.layers.UpSampling2D: Spatial,
    keras.layers.UpSampling3D: Spatial,
}
