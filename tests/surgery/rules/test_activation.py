import keras
import numpy as np
import pytest

from tfcompress.surgery.rules.activation import POINTWISE, applied, is_pointwise


@pytest.mark.parametrize("name", sorted(POINTWISE))
def test_each_number_has_its_own_value(name, rng):
    activation = keras.activations.get(name)
    assert is_pointwise(activation)
    x = rng.normal(size=6).astype("float32")
    alone = [float(activation(x[i : i + 1])[0]) for i in range(6)]
    np.testing.assert_allclose(activation(x), alone, atol=1e-6)


def test_softmax_and_functions_of_your_own_are_not_known_to_be():
    assert not is_pointwise(keras.activations.softmax)
    assert not is_pointwise(lambda x: x)


def test_what_is_not_known_stays_so():
    made = applied(keras.activations.sigmoid, np.array([0.0, np.nan]))
    np.testing.assert_array_equal(made, [0.5, np.nan])
