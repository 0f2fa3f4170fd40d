import keras
import numpy as np

from tfcompress.surgery.carried import Carried


def test_what_stays_is_taken_along_each_axis():
    kept = (np.array([True, False]), None, np.array([False, True, True]))
    array = np.arange(12).reshape(2, 2, 3)
    taken = Carried(None, None, kept).taken(array)
    np.testing.assert_array_equal(taken, [[[1, 2], [4, 5]]])


def test_a_copy_speaks_of_its_origin():
    copy, origin = keras.Variable(1.0), keras.Variable(2.0)
    assert Carried(copy, None, ()).of({id(copy): origin}).old is origin
