import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop import keras_3_config
from tfcompress.interop.probe import arrays, outputs, probe_batch


def drawn(model, probe=None):
    return probe_batch(model, keras_3_config.read(model), probe)


def test_numbers_are_drawn_as_the_inputs_want_them():
    pixels = keras.Input((3,), name="pixels")
    which = keras.Input((), name="which", dtype="int32", batch_size=16)
    dense = layers.Dense(2)
    model = keras.Model(
        [pixels, which], [dense(pixels), layers.Embedding(50, 2)(which)]
    )
    numbers, places = drawn(model)
    assert numbers.shape == (16, 3)
    assert 0 <= numbers.min() < numbers.max() < 1
    assert places.dtype == "int32"
    assert 10 < places.max() < 50  # anywhere in the table


def test_a_batch_of_a_fixed_size_is_that():
    model = keras.Sequential([keras.Input(batch_shape=(3, 2)), layers.Dense(1)])
    assert drawn(model)[0].shape == (3, 2)


def test_of_a_sequential_model_the_first_layer_tells():
    model = keras.Sequential([keras.Input((4,)), layers.Embedding(99, 2)])
    assert 10 < drawn(model)[0].max() < 99


def test_free_sizes_need_a_probe(rng):
    model = keras.Sequential([keras.Input((None, 2)), layers.LSTM(1)])
    with pytest.raises(ValueError, match=r"`probe` must be given .*\(None, None, 2\)"):
        drawn(model)
    assert drawn(model, rng.random((5, 7, 2)))[0].shape == (5, 7, 2)


def test_arrays_come_in_the_order_of_the_inputs():
    x, y = (keras.Input((1,), name=name) for name in "yx")
    model = keras.Model({"y": x, "x": y}, layers.Add()([x, y]))
    found = arrays("data", {"y": [[1]], "x": [[2]]}, model)
    assert [float(one[0, 0]) for one in found] == [2, 1]
    with pytest.raises(ValueError, match="`data` must hold an array for .*'y': 'y'"):
        arrays("data", [[1]], model)


def test_outputs_are_those_at_inference():
    x = keras.Input((2,))
    model = keras.Model(x, {"b": layers.Dropout(0.9)(x), "a": layers.ReLU()(-1 * x)})
    first, second = outputs(model, [np.ones((1, 2))])
    assert (first.tolist(), second.tolist()) == ([[0, 0]], [[1, 1]])


def test_a_model_that_keeps_a_state_is_refused():
    shape = keras.Input(batch_shape=(2, 3, 1))
    model = keras.Sequential([shape, layers.LSTM(1, stateful=True, name="s")])
    with pytest.raises(ValueError, match=r"keep no state .*\['s'\]"):
        drawn(model)
