import keras
import numpy as np
import pytest

from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.zeros import Zeros
from tfcompress.sensitivity.sensitivity import sensitivity


@pytest.fixture
def model():
    """Of rank 1 in `a`, in which half of the weights of `b` are small."""
    parts = [keras.layers.Dense(8, name=name, use_bias=False) for name in "ab"]
    model = keras.Sequential([keras.Input((8,)), *parts])
    model.layers[0].set_weights([np.outer(np.ones(8), np.arange(1.0, 9))])
    weights = np.random.default_rng(0).normal(size=(8, 8))
    weights[::2] *= 1e-6
    model.layers[1].set_weights([weights])
    return model


@pytest.fixture
def data(model, rng):
    x = rng.normal(size=(40, 8)).astype("float32")
    return x, model.predict(x, verbose=0).argmax(-1)


@pytest.fixture
def found(model, data):
    methods = [Converted(LowRank), Zeros()]
    return sensitivity(model, data, methods=methods, ratios=[0.5, 0.25])
