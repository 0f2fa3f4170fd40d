"""With exact kernels every host computes what its Keras twin computes."""

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full

SEQUENCE, IMAGE = (7, 6), (8, 8, 4)
RECURRENT = [
    {},
    {"return_sequences": True},
    {"return_state": True},
    {"go_backwards": True},
    {"unroll": True},
    {"use_bias": False},
    {"implementation": 1},
    {"activation": "relu", "kernel_regularizer": "l2"},
    {"dropout": 0.3, "recurrent_dropout": 0.2},
]
CONVOLUTION = [
    {},
    {"padding": "same"},
    {"strides": 2, "padding": "same"},
    {"dilation_rate": 2},
    {"use_bias": False, "activation": "relu"},
]
CASES = [
    *[(layers.Dense, SEQUENCE, {"units": 5, **o}) for o in ({}, {"use_bias": False})],
    *[
        (layers.Conv1D, SEQUENCE, {"filters": 4, "kernel_size": 3, **o})
        for o in [
            *CONVOLUTION,
            {"padding": "causal", "dilation_rate": 2},
            {"groups": 2},
        ]
    ],
    *[
        (layers.Conv2D, IMAGE, {"filters": 4, "kernel_size": 3, **o})
        for o in [*CONVOLUTION, {"groups": 2}]
    ],
    *[
        (layers.Conv3D, (5, 5, 5, 2), {"filters": 4, "kernel_size": 3, **o})
        for o in ({}, {"strides": 2, "padding": "same"})
    ],
    *[
        (layers.DepthwiseConv2D, IMAGE, {"kernel_size": 3, **o})
        for o in [*CONVOLUTION, {"depth_multiplier": 3}]
    ],
    *[
        (layers.SeparableConv2D, IMAGE, {"filters": 5, "kernel_size": 3, **o})
        for o in [*CONVOLUTION, {"depth_multiplier": 3}]
    ],
    *[
        (layers.EinsumDense, SEQUENCE, o)
        for o in (
            {"equation": "abc,cd->abd", "output_shape": (None, 3), "bias_axes": "d"},
            {
                "equation": "abc,cde->abde",
                "output_shape": (None, 3, 2),
                "activation": "relu",
            },
        )
    ],
    *[
        (layer, SEQUENCE, {"units": 5, **o})
        for layer in (layers.SimpleRNN, layers.LSTM, layers.GRU)
        for o in RECURRENT
        if "implementation" not in o or layer is not layers.SimpleRNN
    ],
    (layers.GRU, SEQUENCE, {"units": 5, "reset_after": False}),
    (layers.LSTM, SEQUENCE, {"units": 5, "unit_forget_bias": False}),
]


def _id(case):
    layer, _, options = case
    return f"{layer.__name__}-{options}"


def _randomized(model, rng):
    """Biases and norms start as zeros and ones, behind which mistakes could hide."""
    for variable in model.weights:
        noise = rng.normal(size=variable.shape, scale=0.3)
        if "seed" not in variable.path:
            variable.assign(variable + noise)
    return model


def _same(first, second):
    first, second = keras.tree.flatten(first), keras.tree.flatten(second)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_host_with_full_kernels_is_the_twin(case, rng):
    twin, shape, options = case
    inputs = keras.Input(shape)
    model = _randomized(keras.Model(inputs, twin(**options, name="it")(inputs)), rng)
    x = rng.normal(size=(3, *shape)).astype("float32")

    converted = convert(model, {"it": Full()})

    host = converted.get_layer("it")
    assert type(host).__name__ == f"Compressed{twin.__name__}"
    assert type(host).twin is twin
    _same(converted(x), model(x))
    assert converted.count_params() == model.count_params()
    again = type(host).from_config(host.get_config())
    assert again.get_config() == host.get_config()


@pytest.mark.parametrize("mask_zero", [False, True])
def test_embedding_and_what_follows_its_mask(mask_zero, rng):
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=mask_zero, name="it")(inputs)
    model = keras.Model(inputs, layers.LSTM(3, name="lstm")(x))
    converted = convert(model, {"it": Full(), "lstm": Full()})
    words = rng.integers(0, 3, size=(5, 6))
    _same(converted(words), model(words))


@pytest.mark.parametrize(
    "options",
    [{}, {"use_bias": False}, {"value_dim": 5}, {"output_shape": 7}, {"dropout": 0.2}],
    ids=str,
)
@pytest.mark.parametrize("call", [{}, {"use_causal_mask": True}], ids=str)
def test_attention(options, call, rng):
    query, value = keras.Input((5, 8)), keras.Input((7, 6))
    attention = layers.MultiHeadAttention(2, 4, **options, name="it")
    model = keras.Model([query, value], attention(query, value, **call))
    model = _randomized(model, rng)
    converted = convert(model, {"it": Full()})
    batch = [rng.normal(size=(2, 5, 8)), rng.normal(size=(2, 7, 6))]
    _same(converted(batch), model(batch))


@pytest.mark.parametrize("twin", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_stateful_layers_carry_their_state(twin, rng):
    model = keras.Sequential(
        [keras.Input(batch_shape=(2, 5, 3)), twin(4, stateful=True, name="it")]
    )
    converted = convert(model, {"it": Full()})
    x = rng.normal(size=(2, 5, 3)).astype("float32")
    first, again = model(x), model(x)
    assert np.abs(first - again).max() > 1e-3
    _same([converted(x), converted(x)], [first, again])


def test_initial_state_is_taken(rng):
    inputs, h, c = keras.Input((5, 3)), keras.Input((4,)), keras.Input((4,))
    lstm = layers.LSTM(4, name="it")
    model = keras.Model([inputs, h, c], lstm(inputs, initial_state=[h, c]))
    converted = convert(model, {"it": Full()})
    batch = [rng.normal(size=s).astype("float32") for s in ((2, 5, 3), (2, 4), (2, 4))]
    _same(converted(batch), model(batch))


@pytest.mark.parametrize("twin", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_gradients_are_those_of_the_twin(twin, rng):
    tf = pytest.importorskip("tensorflow")
    model = keras.Sequential([keras.Input(SEQUENCE), twin(4, name="it")])
    converted = convert(model, {"it": Full()})
    x = rng.normal(size=(3, *SEQUENCE)).astype("float32")

    def gradients(one):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(one(x) ** 2)
        variables = sorted(one.trainable_variables, key=lambda v: tuple(v.shape))
        return tape.gradient(loss, [v.value for v in variables])

    _same(gradients(converted), gradients(model))
