import keras
import pytest
from keras import layers

from tfcompress.callbacks.channel_groups import channel_groups


def chain(*names):
    parts = [layers.Dense(3, name=name) for name in names]
    return keras.Sequential([keras.Input((4,)), *parts, layers.Dense(2, name="head")])


def names(groups):
    return [group.name for group in groups]


def test_all_that_can_leave_or_those_that_are_named():
    model = chain("a_1", "a_2", "b")
    assert names(channel_groups(model)) == ["a_1", "a_2", "b"]
    assert names(channel_groups(model, "a_*")) == ["a_1", "a_2"]
    assert names(channel_groups(model, ["b", "a_1"])) == ["b", "a_1"]


def test_refusals():
    model = chain("a")
    with pytest.raises(
        ValueError, match="name layers whose channels can leave.*outputs"
    ):
        channel_groups(model, "head")
    with pytest.raises(TypeError, match="`which` must be one or a list of names"):
        channel_groups(model, 3)
    model.get_layer("a").trainable = False
    with pytest.raises(ValueError, match="'a' is frozen"):
        channel_groups(model, "a")
    with pytest.raises(ValueError, match="`model` must have channels that can leave"):
        channel_groups(chain())
