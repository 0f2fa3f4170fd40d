import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.signature import Signature, check_model


def two_inputs(structure):
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b", dtype="int32")
    outputs = layers.Dense(1)(a) + layers.Dense(1)(b)
    inputs = {"list": [a, b], "dict": {"a": a, "b": b}, "nested": {"in": [a, b]}}
    return keras.Model(inputs[structure], outputs)


@pytest.mark.parametrize("structure", ["list", "dict", "nested"])
def test_inputs_have_their_names_shapes_and_types(structure):
    signature = Signature.of(two_inputs(structure))
    assert signature.shapes == {"a": (None, 2), "b": (None, 3)}
    assert signature.dtypes == {"a": "float32", "b": "int32"}


@pytest.mark.parametrize(
    ("structure", "expected"),
    [("list", [1, 2]), ("dict", {"a": 1, "b": 2}), ("nested", {"in": [1, 2]})],
)
def test_pack_gives_what_the_model_takes(structure, expected):
    assert Signature.of(two_inputs(structure)).pack({"a": 1, "b": 2}) == expected


def test_data_comes_as_the_model_takes_it_or_by_name():
    signature = Signature.of(two_inputs("list"))
    a, b = np.ones((4, 2)), np.ones((4, 3))
    for data in ([a, b], (a, b), {"b": b, "a": a}):
        arrays = signature.arrays("probe", data)
        assert {name: (x.shape, x.dtype.name) for name, x in arrays.items()} == {
            "a": ((4, 2), "float32"),
            "b": ((4, 3), "int32"),
        }


def test_one_input_in_a_list_may_be_given_bare():
    x = keras.Input((2,), name="x")
    signature = Signature.of(keras.Model([x], layers.Dense(1)(x)))
    assert signature.arrays("probe", np.ones((1, 2)))["x"].shape == (1, 2)


@pytest.mark.parametrize(
    ("name", "exported"), [("my input.1", "my_input_1"), ("1st", "input_1st")]
)
def test_names_become_what_tensorflow_allows(name, exported):
    x = keras.Input((2,), name=name)
    assert list(Signature.of(keras.Model(x, layers.Dense(1)(x))).shapes) == [exported]


def test_a_batch_size_met_by_chance_is_forgotten():
    model = keras.Sequential([layers.Dense(1)])
    model(np.ones((7, 3)))
    assert list(Signature.of(model).shapes.values()) == [(None, 3)]


def test_a_subclassed_model_tells_the_shape_it_was_called_with():
    class Sum(keras.Model):
        def call(self, x):
            return x["a"] + x["b"]

    model = Sum()
    model({"a": np.ones((2, 3)), "b": np.ones((2, 3))})
    assert Signature.of(model).shapes == {"a": (None, 3), "b": (None, 3)}


def test_sizes_are_taken_from_arrays():
    signature = Signature("x", {"x": (None, None, 3)}, {"x": "float32"})
    assert signature.free == ["x"]
    assert signature.sized_like({"x": np.ones((2, 5, 3))}).shapes == {"x": (None, 5, 3)}


def test_specs_carry_names_and_the_batch_size():
    signature = Signature(["x"], {"x": (None, 3)}, {"x": "float32"})
    (spec,) = signature.specs(4)
    assert (spec.name, spec.shape.as_list(), spec.dtype.name) == (
        "x",
        [4, 3],
        "float32",
    )


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (np.ones((4, 2)), r"be a dictionary of arrays for the inputs \['a', 'b'\]"),
        ([np.ones((4, 2))], "be a dictionary of arrays"),
        (
            {"a": np.ones((4, 2))},
            r"be a dictionary of arrays .*Received: probe=\['a'\]",
        ),
        (
            [np.ones((4, 2)), np.ones((3, 3))],
            "the same number of examples.*'a': 4, 'b': 3",
        ),
        ([np.ones((0, 2)), np.ones((0, 3))], "at least one"),
        (
            [np.ones((4, 2)), np.full((4, 3), 0.5)],
            "hold whole numbers for the input 'b'",
        ),
        (
            [np.full((4, 2), np.inf), np.ones((4, 3))],
            "be finite for the input 'a'.*8 of 8",
        ),
        ([np.ones((4, 2)), np.full((4, 3), "x")], "hold numbers for the input 'b'"),
        (
            [np.ones((4, 2)), np.ones((4, 3, 1))],
            r"have shape \(None, 3\) for the input 'b'",
        ),
    ],
)
def test_data_that_does_not_fit_is_refused(data, match):
    with pytest.raises(ValueError, match=match):
        Signature.of(two_inputs("list")).arrays("probe", data)


def test_a_model_of_several_arguments_is_refused():
    class Sum(keras.Model):
        def call(self, x, y):
            return x + y

    model = Sum()
    model(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="`model` must be a model of one argument"):
        Signature.of(model)


def test_another_backend_is_refused(pair, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match="needs Keras on TensorFlow.*Received: jax"):
        check_model(pair)
