import keras
import pytest

from tfcompress.surgery.graph import read

Dense = keras.layers.Dense


def names(graph):
    return [call.layer.name for call in graph.calls]


def test_nested_models_are_opened():
    inner = keras.Sequential([keras.Input((3,)), Dense(3, name="inner")], name="seq")
    inputs = keras.Input((3,), name="in")
    model = keras.Model(inputs, Dense(2, name="out")(inner(inner(inputs))))
    assert names(read(model)) == ["seq", "inner", "seq", "inner", "out"]


def test_calls_come_after_those_they_depend_on_and_tensors_join_them():
    first, second = keras.Input((3,)), keras.Input((3,))
    x = Dense(4, name="a")(second)
    y = keras.layers.Add(name="add")([x, Dense(4, name="b")(first)])
    graph = read(keras.Model([first, second], [y, x]))
    made = {}
    for call in graph.calls:
        assert all(t in made or t.shape == (None, 3) for t in call.inputs)
        made.update((t, call.layer.name) for t in call.outputs.values())
    assert [made[t] for t in graph.outputs] == ["add", "a"]


def test_masks_have_no_channels():
    inputs = keras.Input((4,), dtype="int32")
    x = keras.layers.Embedding(9, 3, mask_zero=True)(inputs)
    model = keras.Model(inputs, keras.layers.LSTM(2, name="lstm")(x))
    [lstm] = [call for call in read(model).calls if call.layer.name == "lstm"]
    assert [t.shape for t in lstm.inputs] == [(None, 4, 3)]


def test_a_model_that_is_not_built_is_refused():
    with pytest.raises(ValueError, match="`model` must be built"):
        read(keras.Sequential([Dense(2)]))


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="`model` must be a `keras.Model`"):
        read(Dense(2))


def test_functional_models_may_end_what_they_are_in():
    # Keras counts their own making as a use, where an output names them, and only there.
    start = keras.Input((3,))
    inner = keras.Model(start, Dense(3, name="inner")(start), name="nested")
    inputs = keras.Input((3,))
    once = inner(inputs)
    twice = inner(Dense(3, name="between")(inputs))
    graph = read(keras.Model(inputs, [twice, once, Dense(2, name="out")(once)]))

    made = {t: call for call in graph.calls for t in call.outputs.values()}
    ends = [made[tensor] for tensor in graph.outputs]
    before = [made[end.inputs[0]] for end in ends]
    assert [end.layer.name for end in ends] == ["inner", "inner", "out"]
    # Each stands behind the step into the model, and that behind another use.
    assert made[before[0].inputs[0]].layer.name == "between"
    assert before[1].inputs[0] not in made
    assert before[2] is ends[1]


def test_sequential_models_may_end_what_they_are_in():
    # Their making is no use of them, unlike that of a functional model.
    inner = keras.Sequential([keras.Input((3,)), Dense(3, name="inner")])
    inputs = keras.Input((3,))
    graph = read(keras.Model(inputs, [inner(inputs), Dense(2, name="out")(inputs)]))

    made = {t: call for call in graph.calls for t in call.outputs.values()}
    assert [made[t].layer.name for t in graph.outputs] == ["inner", "out"]
