import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.tuner.settle import settle


@pytest.fixture
def norm():
    return layers.BatchNormalization(momentum=0.75, epsilon=1e-3)


def test_statistics_are_the_means_over_batches_without_dropout(norm, rng):
    drop = layers.Dropout(0.5)
    model = keras.Sequential([keras.Input((3,)), drop, norm, layers.Dense(1)])
    norm.moving_mean.assign([9.0, 9, 9])
    trained = [weight.numpy() for weight in model.trainable_weights]
    x = rng.normal(size=(20, 3)).astype("float32") + 5

    settle(model, x, batch_size=8)  # 16 of them: batches are whole

    batches = x[:8], x[8:16]
    mean = np.mean([batch.mean(0) for batch in batches], axis=0)
    variance = np.mean([batch.var(0) for batch in batches], axis=0)
    np.testing.assert_allclose(norm.moving_mean, mean, rtol=1e-5)
    np.testing.assert_allclose(norm.moving_variance, variance, rtol=1e-4)
    assert (norm.momentum, drop.rate) == (0.75, 0.5)
    for weight, before in zip(model.trainable_weights, trained, strict=True):
        np.testing.assert_array_equal(weight, before)


def test_what_is_frozen_stays(norm, rng):
    model = keras.Sequential([keras.Input((3,)), norm])
    norm.trainable = False
    settle(model, rng.normal(size=(8, 3)), batch_size=4)
    np.testing.assert_array_equal(norm.moving_mean, [0, 0, 0])


def test_few_examples_are_one_batch(norm):
    model = keras.Sequential([keras.Input((2,)), norm])
    settle(model, np.array([[1.0, 2], [3, 6]]), batch_size=64)
    np.testing.assert_allclose(norm.moving_mean, [2, 4])
