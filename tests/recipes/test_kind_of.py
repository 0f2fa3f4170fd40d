import keras
import pytest
from keras import layers

from tfcompress.recipes.kind_of import kind_of


def _attention():
    inputs = keras.Input((6, 4))
    x = layers.Conv1D(4, 3, padding="same")(inputs)
    return keras.Model(inputs, layers.MultiHeadAttention(2, 2)(x, x))


MODELS = {
    "dense": lambda: keras.Sequential([keras.Input((4,)), layers.Dense(2)]),
    "convolutional": lambda: keras.Sequential(
        [keras.Input((4, 4, 1)), layers.DepthwiseConv2D(2), layers.MaxPooling2D()]
    ),
    "recurrent": lambda: keras.Sequential(
        [keras.Input((6, 4)), layers.Conv1D(4, 3), layers.Bidirectional(layers.GRU(3))]
    ),
    "attention": _attention,
}


@pytest.mark.parametrize("kind", MODELS)
def test_kind_is_that_of_the_layers(kind):
    assert kind_of(MODELS[kind]()) == kind


def test_a_part_that_is_a_model_counts():
    inner = MODELS["convolutional"]()
    inputs = keras.Input((4, 4, 1))
    outputs = layers.Dense(2)(layers.Flatten()(inner(inputs)))
    assert kind_of(keras.Model(inputs, outputs)) == "convolutional"


def test_pooling_is_no_convolution():
    pool = [keras.Input((4, 4, 1)), layers.MaxPooling2D(), layers.Flatten()]
    assert kind_of(keras.Sequential([*pool, layers.Dense(2)])) == "dense"
