import keras
import numpy as np
from contract import RECURRENT, RecurrentContract

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_lstm import CompressedLSTM


class TestHost(RecurrentContract):
    host = CompressedLSTM
    cases = (*RECURRENT, {"implementation": 1}, {"unit_forget_bias": False})


def test_initial_state_is_taken(rng):
    inputs, h, c = keras.Input((5, 3)), keras.Input((4,)), keras.Input((4,))
    lstm = keras.layers.LSTM(4, name="it")
    model = keras.Model([inputs, h, c], lstm(inputs, initial_state=[h, c]))
    converted = convert(model, {"it": Full()})
    batch = [rng.normal(size=s).astype("float32") for s in ((2, 5, 3), (2, 4), (2, 4))]
    np.testing.assert_allclose(converted(batch), model(batch), atol=1e-5)


def test_one_of_several_kernels_may_be_given_apart():
    kernels = {"kernels": Hashed(ratio=0.5), "recurrent_kernel": LowRank(rank=1)}
    layer = CompressedLSTM(4, **kernels)
    assert isinstance(layer.kernels["kernel"], Hashed)
    assert isinstance(layer.kernels["recurrent_kernel"], LowRank)
