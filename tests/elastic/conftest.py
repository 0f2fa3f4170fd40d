import pytest

from tfcompress.elastic.image_classifier import image_classifier


@pytest.fixture
def network(rng):
    model = image_classifier((8, 6, 1), 3, channels=(2, 4), expansions=(1, 2))
    for weight in model.trainable_weights:
        weight.assign(weight + 0.3 * rng.normal(size=weight.shape))
    return model


@pytest.fixture
def x(rng):
    return rng.normal(size=(6, 8, 6, 1)).astype("float32")
