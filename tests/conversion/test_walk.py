import keras
from keras import layers

from tfcompress.conversion.walk import inside, parts_of


def test_models_inside_are_opened():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="inner")])
    outer = keras.Sequential([keras.Input((3,)), inner, layers.Dense(2, name="head")])
    assert [part.layer.name for part in parts_of(outer)] == ["inner", "head"]


def test_wrappers_stand_for_what_they_hold():
    loop = layers.TimeDistributed(layers.Dense(2, name="each"))
    both = layers.Bidirectional(layers.LSTM(2, name="lstm"))
    cell = layers.RNN(layers.GRUCell(2, name="cell"))
    model = keras.Sequential([keras.Input((4, 3)), loop, both, layers.Reshape((2, 2))])
    found = [(part.layer.name, part.traced) for part in parts_of(model)]
    assert found[:3] == [
        ("each", True),
        ("forward_lstm", False),
        ("backward_lstm", False),
    ]
    (part,) = parts_of(keras.Sequential([keras.Input((4, 3)), cell]))
    assert (part.layer.name, part.wrapper, part.traced) == ("cell", cell, True)


def test_other_layers_hold_none():
    assert inside(layers.Dense(2)) == {}
