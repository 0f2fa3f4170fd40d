import keras
import numpy as np
import pytest

from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.zeros import Zeros
from tfcompress.sensitivity.sensitivity import sensitivity


@pytest.fixture
def model():
    """Half of the weights of `b` are small; `a` is of rank 1."""
    parts = [keras.layers.Dense(8, name=name, use_bias=False) for name in "ba"]
    model = keras.Sequential([keras.Input((8,)), *parts])
    weights = np.random.default_rng(0).normal(size=(8, 8))
    weights[::2] *= 1e-6
    model.layers[0].set_weights([weights])
    model.layers[1].set_weights([np.outer(np.ones(8), np.arange(1.0, 9))])
    return model


@pytest.fixture
def data(model, rng):
    x = rng.normal(size=(40, 8)).astype("float32")
    return x, model.predict(x, verbose=0).argmax(-1)


@pytest.fixture
def found(model, data):
    methods = [Converted(LowRank), Zeros()]
    return sensitivity(model, data, methods=methods, ratios=[0.5, 0.25])
