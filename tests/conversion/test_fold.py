import keras
import numpy as np
import pytest
from contract import assert_same, randomized

from tfcompress.conversion.convert import convert
from tfcompress.conversion.fold import fold
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hard_concrete import HardConcrete
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.quantized import Quantized
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTMCell
from tfcompress.layers.compressed_rnn import CompressedRNN
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.host import Host
from tfcompress.sublayers import every_layer


def _check(model, shape, rng):
    randomized(model, rng)
    x = rng.normal(size=(2, *shape)).astype("float32")
    folded = fold(model)
    assert not any(isinstance(layer, Host) for layer in every_layer(folded))
    names = [layer.name for layer in model.layers]
    assert [layer.name for layer in folded.layers] == names
    assert_same(folded(x), model(x))
    return folded


def test_what_was_converted_with_full_kernels_is_as_it_was(rng):
    inputs = keras.Input((5, 6))
    x = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))(inputs)
    x = keras.layers.MultiHeadAttention(2, 3)(x, x)
    x = keras.layers.TimeDistributed(keras.layers.Dense(4))(x)
    x = keras.layers.RNN(keras.layers.GRUCell(4), return_sequences=True)(x)
    x = keras.layers.SeparableConv1D(4, 2, use_bias=False)(x)
    model = keras.Model(inputs, keras.Sequential([keras.layers.Dense(2)])(x))
    hosted = convert(model, {"*": Full()})

    folded = _check(hosted, (5, 6), rng)

    assert [type(layer) for layer in every_layer(folded)] == [
        type(layer) for layer in every_layer(model)
    ]
    assert folded.count_params() == model.count_params()


def test_weights_are_those_that_kernels_compute(rng):
    cells = [CompressedLSTMCell(4, kernels=Hashed(ratio=0.5)), keras.layers.GRUCell(3)]
    model = keras.Sequential(
        [
            keras.Input((5, 6)),
            CompressedRNN(cells, name="rnn"),
            HashedDense(4, ratio=0.5, name="hashed"),
            CompressedDense(2, kernel=Binary(), bias=Hashed(ratio=0.5)),
        ]
    )
    folded = _check(model, (5, 6), rng)
    assert type(folded.get_layer("rnn")) is keras.layers.RNN
    kernel = folded.get_layer("hashed").kernel
    np.testing.assert_array_equal(kernel, model.get_layer("hashed").kernel)


def test_half_precision_gives_the_same_bits(rng):
    layer = CompressedDense(4, kernel=Hashed(ratio=0.5), dtype="mixed_float16")
    model = keras.Sequential([keras.Input((6,)), layer])
    x = rng.normal(size=(2, 6))
    np.testing.assert_array_equal(fold(model)(x), model(x))


def test_plain_layers_keep_their_weights(rng):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2)])
    folded = _check(model, (6,), rng)
    assert folded is not model
    assert not {id(v) for v in folded.weights} & {id(v) for v in model.weights}


def test_a_weight_that_has_closed_as_a_whole_is_told():
    layer = CompressedDense(4, kernel=HardConcrete(strength=0.25), name="lost")
    model = keras.Sequential([keras.Input((6,)), layer])
    layer.kernels["kernel"].gate.assign(np.full((6, 4), -4.0))
    with pytest.warns(UserWarning, match="layer 'lost' is zero.*`strength`, now 0.25"):
        fold(model)


def test_compressed_layers_in_layers_of_other_code_are_refused():
    class Own(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = CompressedDense(2)

        def call(self, inputs):
            return self.inner(inputs)

    model = keras.Sequential([keras.Input((6,)), Own()])
    with pytest.raises(
        ValueError, match="hold its compressed layers in layers of Keras"
    ):
        fold(model)


def test_kernels_that_round_their_inputs_are_refused():
    layer = CompressedDense(2, kernel=Quantized(quantize_inputs=8), name="rounds")
    model = keras.Sequential([keras.Input((6,)), layer])
    with pytest.raises(ValueError, match="layer 'rounds' also changes the inputs"):
        fold(model)


def test_a_compiled_model_stays_compiled():
    model = keras.Sequential([keras.Input((6,)), CompressedDense(2)])
    model.compile("sgd", "mse")
    assert fold(model).compiled
