import keras
import pytest


@pytest.fixture(scope="session")
def model():
    layers = [keras.Input((64,)), keras.layers.Dense(256, "relu")]
    return keras.Sequential([*layers, keras.layers.Dense(2, "softmax")], name="large")


@pytest.fixture(scope="session")
def small():
    return keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(2, "softmax")], name="small"
    )
