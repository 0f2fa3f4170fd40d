import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.fold_batch_normalization import fold_batch_normalization


def _moved(model, rng):
    for variable in model.weights:
        variable.assign(rng.uniform(0.5, 2, variable.shape))
    return model


def test_outputs_are_the_same_and_normalization_is_gone(rng):
    x = keras.Input((8, 8, 3))
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, use_bias=False)(x))
    y = layers.BatchNormalization(scale=False)(layers.DepthwiseConv2D(3)(y))
    y = layers.ReLU()(y)
    z = layers.Conv2D(4, 1)(y)
    y = layers.Add()([layers.BatchNormalization(center=False)(z), y])
    y = layers.Flatten()(y)
    model = _moved(keras.Model(x, layers.BatchNormalization()(layers.Dense(5)(y))), rng)
    folded = fold_batch_normalization(model)
    data = rng.normal(size=(4, 8, 8, 3)).astype("float32")
    np.testing.assert_allclose(folded(data), model(data), rtol=1e-3, atol=1e-3)
    kinds = [type(layer) for layer in folded.layers]
    assert layers.BatchNormalization not in kinds


def test_what_others_read_or_an_activation_is_between_stays(rng):
    x = keras.Input((4,))
    y = layers.Dense(4)(x)
    z = layers.Add()([layers.BatchNormalization()(y), y])
    z = layers.BatchNormalization()(layers.Dense(4, "relu")(z))
    z = layers.BatchNormalization()(layers.Dense(4)(z))
    model = _moved(keras.Model(x, z), rng)
    folded = fold_batch_normalization(model)
    data = rng.normal(size=(4, 4)).astype("float32")
    np.testing.assert_allclose(folded(data), model(data), rtol=1e-4, atol=1e-4)
    kinds = [type(layer) for layer in folded.layers]
    assert kinds.count(layers.BatchNormalization) == 2


def test_a_model_with_nothing_to_fold_is_refused():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="must have a BatchNormalization right after"):
        fold_batch_normalization(model)
