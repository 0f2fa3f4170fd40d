import keras
import pytest
from keras import layers


@pytest.fixture
def mlp():
    """A network of dense layers that are large enough to be quantized."""
    return keras.Sequential(
        [keras.Input((32,), name="x"), layers.Dense(64, "relu"), layers.Dense(16)]
    )


@pytest.fixture
def pair():
    """A network of one weight: the sum of two numbers."""
    model = keras.Sequential([keras.Input((2,), name="x"), layers.Dense(1)])
    model.layers[0].kernel.assign([[1], [1]])
    return model


@pytest.fixture
def lstm():
    return keras.Sequential([keras.Input((3, 2)), layers.LSTM(4), layers.Dense(1)])
