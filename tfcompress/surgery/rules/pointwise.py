"""Rules of layers that work on each number, or on each channel, by itself."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.activation import applied, is_pointwise
from tfcompress.surgery.rules.rule import Rule


class Same(Rule):
    """Outputs are the inputs, as at inference; or noise that keeps their mean."""

    def couple(self, call, inputs, trace):
        shape = getattr(self.layer, "noise_shape", None) or ()
        if any(size not in (None, 1) for size in shape):
            return self.refuse(inputs, trace, f"{self.part} has a shape for its noise")
        return inputs[:1]

    def constants(self, use, values, threshold):
        return values[:1]


class Input(Rule):
    """The start of a nested model: all its calls are cut alike."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return [None]
        units = trace.make(self.part, "inputs", len(channels.ids))
        trace.unite(units, channels.ids)
        made = Channels(channels.axis, units)
        trace.shape(self.part, made)
        return [made]

    def constants(self, use, values, threshold):
        return values

    def resized(self, config, sizes):
        if sizes.outputs is None:
            return {}
        axis, count = sizes.outputs
        shape = list(config["batch_shape"])
        shape[axis] = count
        return {"batch_shape": shape}


class Function(Rule):
    """A function of one number."""

    def couple(self, call, inputs, trace):
        if not is_pointwise(getattr(self.layer, "activation", self.layer)):
            return super().couple(call, inputs, trace)
        return inputs[:1]

    def constants(self, use, values, threshold):
        return [None if values[0] is None else applied(self.layer, values[0])]


class Rescaling(Rule):
    """A factor and an offset, one for all channels."""

    def couple(self, call, inputs, trace):
        if np.ndim(self.layer.scale) or np.ndim(self.layer.offset):
            return self.refuse(inputs, trace, f"{self.part} has a scale for each")
        return inputs[:1]

    def constants(self, use, values, threshold):
        return [None if values[0] is None else applied(self.layer, values[0])]


class PReLU(Rule):
    """A slope for each number, or for each channel."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is not None and self._slopes(channels.axis) > 1:
            trace.place(self.part, "alpha", channels.axis - 1, channels.ids, "carries")
        return inputs[:1]

    def constants(self, use, values, threshold):
        [given], [channels] = values, use.inputs
        if given is None:
            return [None]
        alpha = np.moveaxis(self.part.array("alpha"), channels.axis - 1, -1)
        alpha = alpha.reshape(-1, alpha.shape[-1])
        one = (alpha == alpha[0]).all(0)
        made = np.maximum(given, 0) + alpha[0] * np.minimum(given, 0)
        return [np.where(one | (given >= 0), made, np.nan)]

    def _slopes(self, axis):
        return self.layer.alpha.shape[axis - 1]


class Softmax(Rule):
    """A softmax along another axis than that of the channels."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        rank = len(call.inputs[0].shape)
        axes = np.atleast_1d(self.layer.axis) % rank
        if channels is None or channels.axis in axes:
            return super().couple(call, inputs, trace)
        return [channels]


RULES = {
    **dict.fromkeys(
        [
            keras.layers.ActivityRegularization,
            keras.layers.AlphaDropout,
            keras.layers.Dropout,
            keras.layers.GaussianDropout,
            keras.layers.GaussianNoise,
            keras.layers.Identity,
            keras.layers.SpatialDropout1D,
            keras.layers.SpatialDropout2D,
            keras.layers.SpatialDropout3D,
        ],
        Same,
    ),
    **dict.fromkeys(
        [
            keras.layers.Activation,
            keras.layers.ELU,
            keras.layers.LeakyReLU,
            keras.layers.ReLU,
        ],
        Function,
    ),
    keras.layers.InputLayer: Input,
    keras.Sequential: Input,
    keras.layers.PReLU: PReLU,
    keras.layers.Rescaling: Rescaling,
    keras.layers.Softmax: Softmax,
}
