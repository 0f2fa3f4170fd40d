import keras
import numpy as np

from tfcompress.callbacks.values import magnitudes, values


def test_they_are_the_values_of_the_variable_as_it_is_now():
    variable = keras.Variable([[1.0, 2.0], [3.0, 4.0]])

    variable.assign([[5.0, 6.0], [7.0, 8.0]])

    np.testing.assert_array_equal(values(variable), [[5.0, 6.0], [7.0, 8.0]])


def test_sizes_of_half_precision_can_be_sorted():
    variable = keras.Variable([1.0, -2.0, 0.5], dtype="bfloat16")

    np.testing.assert_array_equal(np.sort(magnitudes(variable)), [0.5, 1, 2])
