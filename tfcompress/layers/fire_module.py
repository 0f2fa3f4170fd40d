"""A module of few parameters: squeeze the channels, then expand them twice."""

import keras
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class FireModule(keras.layers.Layer):
    r"""The module of SqueezeNet, in place of a 3x3 convolution to `expand` channels.

    $$ s = f(x * S_{1 \times 1}), \qquad
       y = [\, f(s * A_{1 \times 1}),\; f(s * B_{3 \times 3}) \,] $$

    A 1x1 convolution to few channels, then half of the outputs by 1x1 and half by 3x3
    convolutions, side by side. Width and height are kept.

    Not gained: the outputs of the layer that it replaces. It is an architecture and
    starts afresh; a trained convolution is carried over by `tfcompress.kernels`.

    Args:
        squeeze: Integer, channels inside; fewer than there are outside.
        expand: Even integer, channels of the output.
        activation: $f$, as in `keras.layers.Conv2D`.

    Input shape:
        `(batch, height, width, channels)`.

    Output shape:
        `(batch, height, width, expand)`.

    Example:

    >>> layer = tfc.layers.FireModule(16, 128)
    >>> layer.build((None, 28, 28, 128))
    >>> layer.count_params()  # Conv2D(128, 3) holds 147584
    12432

    References:
        - [Iandola et al., 2016](https://arxiv.org/abs/1602.07360)
    """

    def __init__(self, squeeze, expand, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.squeeze = _checks.integer("squeeze", squeeze)
        self.expand = _checks.integer("expand", expand)
        if expand % 2:
            raise _checks.error("expand", "be even", expand)
        self.activation = keras.activations.get(activation)
        options = {
            "padding": "same",
            "data_format": "channels_last",
            "activation": activation,
            "dtype": self.dtype_policy,
        }
        convolution, half = keras.layers.Conv2D, expand // 2
        self.narrow = convolution(squeeze, 1, name="squeeze", **options)
        self.points = convolution(half, 1, name="expand_1x1", **options)
        self.windows = convolution(half, 3, name="expand_3x3", **options)

    def build(self, input_shape):
        self.narrow.build(input_shape)
        inner = (*input_shape[:-1], self.squeeze)
        self.points.build(inner)
        self.windows.build(inner)

    def call(self, inputs):
        inner = self.narrow(inputs)
        return ops.concatenate([self.points(inner), self.windows(inner)], axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "squeeze": self.squeeze,
            "expand": self.expand,
            "activation": keras.activations.serialize(self.activation),
        }
