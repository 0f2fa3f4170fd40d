import keras
import numpy as np

from tfcompress.surgery.dead import Life
from tfcompress.surgery.follow import follow


def life(kernels, threshold=0.0):
    """Of a chain of dense layers without activations."""
    model = keras.Sequential([keras.Input((len(kernels[0]),))])
    for kernel in kernels:
        model.add(keras.layers.Dense(len(kernel[0])))
        model.layers[-1].kernel.assign(kernel)
    return Life(follow(model), threshold)


def test_unit_that_nothing_reads_is_not_needed():
    needed = life([[[1, 2, 3]], [[1], [0], [1]]]).needed
    assert list(needed) == [True, False, True, True]


def test_unit_that_feeds_only_dead_ones_is_not_needed():
    kernels = [[[1, 1]], [[1, 0], [1, 1]], [[0], [1]]]
    assert list(life(kernels).needed) == [False, True, False, True, True]


def test_unit_that_reads_only_constants_is_one():
    found = life([[[0, 1]], [[5, 0], [0, 5]], [[1], [1]]])
    assert list(found.needed) == [False, True, False, True, True]
    values = list(found.values.values())
    np.testing.assert_array_equal(values[1], [0, np.nan])


def test_small_weights_count_as_zero_up_to_the_threshold():
    kernels = [[[1, 1]], [[0.1], [0.2]]]
    assert list(life(kernels, 0.1).needed) == [False, True, True]
    assert list(life(kernels, 0.09).needed) == [True, True, True]


def test_a_shared_layer_holds_only_what_is_the_same_at_all_its_calls():
    inputs = keras.Input((2,))
    first = keras.layers.Dense(2, name="a")(inputs)
    second = keras.layers.Dense(2, name="b")(inputs)
    shared = keras.layers.Dense(2, name="shared")
    model = keras.Model(inputs, [shared(first), shared(second)])
    model.get_layer("a").set_weights([np.zeros((2, 2)), np.array([1, 1])])
    model.get_layer("b").set_weights([np.zeros((2, 2)), np.array([1, 2])])
    shared.kernel.assign(np.ones((2, 2)))
    found = Life(follow(model), 0.0)
    assert list(found.needed[:2]) == [False, True]
    assert list(found.stuck[:2]) == [False, True]
