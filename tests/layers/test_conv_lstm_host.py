import keras
import numpy as np
from contract import assert_same, randomized

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv_lstm2d import CompressedConvLSTM2D


def test_kernels_are_computed_once_per_call(rng):
    layer = CompressedConvLSTM2D(2, 2, kernels=Hashed(ratio=0.5), unroll=True)
    x = rng.normal(size=(1, 6, 3, 3, 2)).astype("float32")
    layer(x)
    calls = []
    for kernel in layer.kernels.values():
        full = kernel.full
        kernel.__dict__["full"] = lambda *a, full=full: calls.append(1) or full(*a)
    layer(x)
    assert len(calls) == 2


def test_state_is_carried_where_it_is_asked_for(rng):
    layer = keras.layers.ConvLSTM2D(2, 2, stateful=True, name="it")
    model = keras.Sequential([keras.Input(batch_shape=(1, 3, 4, 4, 2)), layer])
    model = randomized(model, rng)
    layer.reset_states()
    converted = convert(model, {"it": Full()})
    x = rng.normal(size=(1, 3, 4, 4, 2)).astype("float32")
    first, again = model(x), model(x)
    assert np.abs(first - again).max() > 1e-3
    assert_same([converted(x), converted(x)], [first, again])
