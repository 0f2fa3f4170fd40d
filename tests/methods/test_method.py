import dataclasses

import keras
import pytest

from tfcompress.methods.bits import Bits
from tfcompress.methods.converted import Converted
from tfcompress.methods.method import Method
from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros

EVERY = [Units(), Converted("LowRank"), Bits(), Zeros()]


def network():
    parts = [
        keras.layers.Dense(16, "relu", name="a"),
        keras.layers.Dense(16, "relu", name="b"),
        keras.layers.Dense(2, name="head"),
    ]
    model = keras.Sequential([keras.Input((16,)), *parts])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("method", EVERY, ids=str)
def test_a_method_is_plain_data_and_back(method):
    assert Method.from_config(method.get_config()) == method


@pytest.mark.parametrize("method", EVERY, ids=str)
def test_the_model_is_left_as_it_was_and_the_new_one_is_compiled(method):
    model = network()
    before = [weight.copy() for weight in model.get_weights()]
    small = method.compress(model, {"b": 0.25})
    assert small.compiled
    assert small.layers[0].name == "a"
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("method", EVERY, ids=str)
def test_a_layer_with_the_name_is_found_in_the_order_of_the_model(method):
    names = method.layers(network())
    assert names[:2] == ["a", "b"]
    assert ("head" in names) == (method != Units())  # outputs are no units to lose


def test_those_that_work_on_what_others_leave_come_later():
    order = sorted(EVERY, key=lambda method: method.turn)
    assert [str(one) for one in order] == ["Units", "LowRank", "Bits", "Zeros"]


def test_one_of_your_own_needs_two_answers():
    @dataclasses.dataclass(frozen=True)
    class Nothing(Method):
        pass

    assert str(Nothing()) == "Nothing"
    assert Nothing().callbacks({}) == []
    with pytest.raises(NotImplementedError):
        Nothing().layers(None)
