"""Rules of normalizations."""

import keras
import numpy as np

from tfcompress.surgery.rules.rule import Rule

BATCH_WEIGHTS = ("gamma", "beta", "moving_mean", "moving_variance")


class BatchNormalization(Rule):
    """A factor and an offset for each channel; exact, in training too."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        if channels.axis != self.layer.axis % len(call.inputs[0].shape):
            return [channels]
        for weight in BATCH_WEIGHTS:
            trace.place(self.part, weight, 0, channels.ids, "carries")
        return [channels]

    def constants(self, use, values, threshold):
        axis = self.layer.axis % len(use.call.inputs[0].shape)
        if use.inputs[0] is None or use.inputs[0].axis != axis:
            return [None]
        scale = 1 / np.sqrt(self.part.array("moving_variance") + self.layer.epsilon)
        if self.layer.scale:
            gamma = self.part.array("gamma")
            scale = scale * np.where(np.abs(gamma) <= threshold, 0, gamma)
        beta = self.part.array("beta") if self.layer.center else 0.0
        mean = self.part.array("moving_mean")
        # With a scale of 0 it does not matter what comes in.
        given = np.full(len(mean), np.nan) if values[0] is None else values[0]
        given = np.where((scale == 0) & np.isnan(given), 0, given)
        return [((given - mean) * scale + beta).astype("float32")]


class LayerNormalization(Rule):
    """Statistics over the channels, which change when some leave."""

    weights = ("gamma", "beta")

    def couple(self, call, inputs, trace):
        [channels] = inputs
        if channels is None:
            return []
        axes = np.atleast_1d(self.layer.axis) % len(call.inputs[0].shape)
        if channels.axis not in axes:
            return [channels]
        if not trace.approximate or len(axes) > 1:
            reason = f"{self.part} normalizes over them: not exact"
            return self.refuse(inputs, trace, reason)
        for weight in self.weights:
            trace.place(self.part, weight, 0, channels.ids, "carries")
        return [channels]


class RMSNormalization(LayerNormalization):
    """The same without the mean."""

    weights = ("scale",)


class OverChannels(Rule):
    """Statistics over groups of channels, or over all of them."""

    def couple(self, call, inputs, trace):
        return self.refuse(inputs, trace, f"{self.part} normalizes over them")


RULES = {
    keras.layers.BatchNormalization: BatchNormalization,
    keras.layers.GroupNormalization: OverChannels,
    keras.layers.LayerNormalization: LayerNormalization,
    keras.layers.RMSNormalization: RMSNormalization,
    keras.layers.UnitNormalization: OverChannels,
}
