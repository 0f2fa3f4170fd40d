"""Small networks that nobody designed: blocks of all kinds, drawn one after another."""

import keras
from shrinking import randomized

L = keras.layers


def network(draw, rng):
    """Returns a model with random weights, biases and statistics.

    Args:
        draw: A function that returns one of the options in a list.
        rng: Generator of the weights.
    """
    inputs, x = draw([_image, _sequence, _words])(draw)
    blocks = IMAGES if len(x.shape) == 4 else SEQUENCES
    for _ in range(draw([1, 2, 3])):
        x = draw(blocks)(x, draw)
    if len(x.shape) == 4:
        ends = [L.Flatten(), L.GlobalAveragePooling2D(), L.GlobalMaxPooling2D()]
    else:
        ends = [L.Flatten(), L.GlobalAveragePooling1D(), L.LSTM(4), L.GRU(3)]
    x = draw(ends)(x)
    if draw([False, True]):
        x = L.Dense(draw([5, 8]), draw(ACTIVATIONS))(x)
        x = draw([L.Dropout(0.5), L.BatchNormalization(), L.Identity()])(x)
    heads = [L.Dense(3)(x), L.Dense(2, "softmax")(x)]
    return randomized(keras.Model(inputs, draw([heads[0], heads[1], heads])), rng)


ACTIVATIONS = ["relu", "tanh", "gelu", None]


def _image(draw):
    inputs = keras.Input((draw([8, 9]), draw([8, 7]), draw([1, 3])))
    return inputs, L.Conv2D(draw([4, 6]), 3, draw([1, 2]), padding="same")(inputs)


def _sequence(draw):
    inputs = keras.Input((6, draw([3, 5])))
    return inputs, L.Dense(draw([4, 6]))(inputs)


def _words(draw):
    inputs = keras.Input((6,), dtype="int32")
    return inputs, L.Embedding(10, draw([4, 6]))(inputs)


def _conv_norm(x, draw):
    x = L.Conv2D(
        draw([4, 6]), draw([1, 3]), padding="same", use_bias=draw([False, True])
    )(x)
    return L.ReLU()(L.BatchNormalization()(x))


def _depthwise(x, draw):
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=draw([1, 2]))(x)
    return L.Activation(draw(ACTIVATIONS))(x)


def _separable(x, draw):
    return L.SeparableConv2D(draw([4, 6]), 3, activation=draw(ACTIVATIONS))(_padded(x))


def _transposed(x, draw):
    return L.Conv2DTranspose(draw([3, 4]), 2, 2, activation="relu")(x)


def _pooled(x, draw):
    return draw([L.MaxPooling2D, L.AveragePooling2D])(2, padding="same")(x)


def _residual(x, draw):
    y = L.Conv2D(draw([5, 8]), 3, padding="same", activation="relu")(x)
    y = L.BatchNormalization()(L.Conv2D(x.shape[-1], 1)(y))
    return L.Activation(draw(ACTIVATIONS))(x + y)


def _gated(x, draw):
    """Squeeze and excite."""
    y = L.Dense(3, "relu")(L.GlobalAveragePooling2D(keepdims=True)(x))
    return x * L.Dense(x.shape[-1], "sigmoid")(y)


def _branches(x, draw):
    y = L.Conv2D(draw([2, 3]), 1, activation=draw(ACTIVATIONS))(x)
    z = L.Conv2D(draw([2, 3]), 3, padding="same")(x)
    return L.Concatenate()(draw([[y, z], [x, y]]))


def _padded(x):
    return L.ZeroPadding2D(1)(x)


def _recurrent(x, draw):
    layer = draw([L.LSTM, L.GRU, L.SimpleRNN])(draw([3, 5]), return_sequences=True)
    return draw([layer, L.Bidirectional(layer)])(x)


def _causal(x, draw):
    x = L.Conv1D(draw([4, 6]), 3, padding=draw(["same", "causal"]))(x)
    return L.Activation(draw(ACTIVATIONS))(x)


def _attention(x, draw):
    y = L.LayerNormalization()(x)
    return x + L.MultiHeadAttention(draw([1, 2]), draw([2, 3]))(y, y)


def _position_wise(x, draw):
    y = L.TimeDistributed(L.Dense(draw([4, 7]), "relu"))(x)
    return x + L.Dense(x.shape[-1])(y)


IMAGES = [
    _conv_norm,
    _depthwise,
    _separable,
    _transposed,
    _pooled,
    _residual,
    _gated,
    _branches,
]
SEQUENCES = [_recurrent, _causal, _attention, _position_wise]
