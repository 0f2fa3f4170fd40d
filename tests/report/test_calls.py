import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.report.calls import calls, macs_per_example, symbolic_input


def total(model):
    return sum(macs_per_example(model).values())


def test_shared_layer_is_paid_for_at_each_call():
    shared, x = layers.Dense(3), keras.Input((3,))
    model = keras.Model(x, shared(shared(shared(x))))
    assert macs_per_example(model)[id(shared)] == 3 * (3 * 3)


def test_layer_in_a_shared_model_is_paid_for_at_each_call_of_the_model():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3)])
    x = keras.Input((3,))
    model = keras.Model(x, layers.Add()([inner(x), inner(inner(x))]))
    assert total(model) == 3 * (3 * 3)


def test_subclassed_model_is_followed():
    class Twice(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x):
            return self.dense(self.dense(x))

    model = Twice()
    model(np.zeros((2, 3)))
    assert total(model) == 2 * (3 * 3)


def test_fixed_batch_is_divided_out():
    model = keras.Sequential([keras.Input((3,), batch_size=8), layers.Dense(4)])
    assert total(model) == 12


def test_model_with_a_dictionary_of_inputs():
    inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((2,), name="b")}
    outputs = layers.Dense(4)(inputs["a"]), layers.Dense(5)(inputs["b"])
    assert total(keras.Model(inputs, outputs)) == 3 * 4 + 2 * 5


def test_integer_inputs_keep_their_type():
    model = keras.Sequential(
        [keras.Input((5,), dtype="int32"), layers.Embedding(9, 4), layers.LSTM(2)]
    )
    assert total(model) == 5 * 4 * (4 * 2 + 2 * 2)


def test_only_layers_that_see_the_open_length_are_unknown():
    lstm, dense = layers.LSTM(2), layers.Dense(3)
    model = keras.Sequential([keras.Input((None, 4)), lstm, dense])
    assert macs_per_example(model) == {id(lstm): None, id(dense): 6}


def test_time_distributed_costs_its_layer_at_each_step():
    model = keras.Sequential(
        [keras.Input((7, 3)), layers.TimeDistributed(layers.Dense(4))]
    )
    assert total(model) == 7 * 12


def test_time_distributed_opens_a_model():
    inner = keras.Sequential(
        [keras.Input((4, 4, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(5)]
    )
    model = keras.Sequential([keras.Input((7, 4, 4, 1)), layers.TimeDistributed(inner)])
    assert total(model) == 7 * (9 * 2 * 4 + 8 * 5)


def test_weights_that_are_read_without_a_call_are_unknown():
    class Sneaky(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def build(self, shape):
            self.dense.build(shape)

        def call(self, inputs):
            return inputs @ self.dense.kernel

    layer = Sneaky()
    model = keras.Sequential([keras.Input((3,)), layer])
    assert macs_per_example(model)[id(layer.dense)] is None


def test_afterwards_the_layers_are_as_they_were():
    dense = layers.Dense(3)
    model = keras.Sequential([keras.Input((3,)), dense])
    before = set(vars(dense))

    calls(model)

    assert set(vars(dense)) == before


def test_layers_are_as_they_were_after_an_error_too():
    class Breaks(layers.Layer):
        broken = False

        def call(self, inputs):
            if self.broken:
                raise RuntimeError("broken")
            return inputs

    layer = Breaks()
    model = keras.Sequential([keras.Input((3,)), layer])
    layer.broken = True

    with pytest.raises(RuntimeError, match="broken"):
        calls(model)

    assert "call" not in vars(layer)


def test_model_built_on_several_tensors_does_not_know_its_input():
    class Pair(keras.Model):
        def call(self, x):
            return x[0] + x[1]

    model = Pair()
    model([np.zeros((2, 3)), np.zeros((2, 3))])
    with pytest.raises(ValueError, match="does not know the shape of its input"):
        symbolic_input(model)
