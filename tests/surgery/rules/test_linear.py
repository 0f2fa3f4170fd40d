import keras
import numpy as np

from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.dense import Dense


def rule():
    layer = keras.layers.Dense(3, "relu")
    layer.build((None, 2))
    layer.set_weights([np.array([[1, 0, 2], [0, 0, 3]]), np.array([1, 2, -9])])
    return Dense(Part(layer))


class Use:
    inputs = outputs = [None]


def test_unit_is_constant_if_all_that_it_reads_is():
    first = rule().constants(Use, [np.array([5.0, np.nan])], 0.0)
    np.testing.assert_array_equal(first, [[6, 2, np.nan]])


def test_small_weights_count_as_zero():
    [made] = rule().constants(Use, [None], 1.0)
    np.testing.assert_array_equal(made, [1, 2, np.nan])


def test_reach_is_where_weights_are():
    [reading] = rule().readings(Use, [np.array([5.0, np.nan])], 0.0)
    np.testing.assert_array_equal(reading.reach, [[1, 0, 1], [0, 0, 1]])
    np.testing.assert_array_equal(reading.foldable, [True, False])
