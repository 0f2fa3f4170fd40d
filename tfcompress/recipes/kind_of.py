"""The kind of a network, by the layers it is made of."""

import keras

from tfcompress import _checks
from tfcompress.sublayers import every_layer

ATTENTION = (
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.MultiHeadAttention,
)


def kind_of(model) -> str:
    """Returns `"attention"`, `"recurrent"`, `"convolutional"` or `"dense"`.

    It is the first of them that `model` has a layer of, at any depth; `"dense"` if none.

    Raises:
        TypeError: If `model` is none.

    Example:

    >>> convolution = keras.layers.Conv2D(4, 3)
    >>> model = keras.Sequential([convolution, keras.layers.Dense(2)])
    >>> tfc.recipes.kind_of(model)
    'convolutional'
    """
    _checks.instance("model", model, keras.Model, "a Keras model")
    layers = every_layer(model)
    if any(isinstance(layer, ATTENTION) for layer in layers):
        return "attention"
    if any(isinstance(layer, keras.layers.RNN) for layer in layers):
        return "recurrent"
    # Convolutions have no public base in Keras; pooling has no `kernel_size`.
    filters = ("kernel_size", "strides")
    if any(all(hasattr(layer, name) for name in filters) for layer in layers):
        return "convolutional"
    return "dense"
