import keras
import numpy as np
import pytest

from tfcompress.examples import examples, labels, pair

X = np.arange(12.0).reshape(4, 3)


@pytest.fixture
def model():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


@pytest.fixture
def two_inputs():
    inputs = [keras.Input((3,), name="b"), keras.Input((2,), name="a")]
    return keras.Model(inputs, keras.layers.Concatenate()(inputs))


def test_what_fits_comes_back_as_arrays(model):
    assert examples("x", X.tolist(), model).tolist() == X.tolist()
    assert examples("x", [X], model)[0] is X
    assert examples("x", X.astype(int), model).dtype == int


def test_several_inputs_are_taken_in_order_or_by_name(two_inputs):
    examples("x", [X, X[:, :2]], two_inputs)
    examples("x", {"a": X[:, :2], "b": X}, two_inputs)
    with pytest.raises(ValueError, match=r"shape \(None, 2\) for the input 'a'"):
        examples("x", {"a": X, "b": X}, two_inputs)


def test_a_last_axis_of_one_may_be_left_out_as_in_keras():
    model = keras.Sequential([keras.Input((3, 1)), keras.layers.Flatten()])
    examples("x", X, model)
    examples("x", X[..., None], model)


def test_texts_are_for_models_of_texts():
    texts = np.array([["a"], ["b"]])
    vectorize = keras.layers.TextVectorization(vocabulary=["a", "b"])
    examples(
        "x", texts, keras.Sequential([keras.Input((1,), dtype="string"), vectorize])
    )
    with pytest.raises(ValueError, match="`x` must hold numbers"):
        examples("x", texts)


@pytest.mark.parametrize(
    ("x", "rule"),
    [
        (None, "hold examples"),
        (3.0, "hold examples"),
        ({}, "hold examples"),
        (X[:0], "hold examples, at least one"),
        ([X, X[:2]], "as many for each input"),
        ([[1.0], [1.0, 2.0]], "hold arrays"),
        ([X, X], "hold arrays for the 1 inputs"),
        (X[:, :2], r"have shape \(None, 3\)"),
        (X[0], r"have shape \(None, 3\)"),
        (np.where(X == 4, np.nan, X), "finite numbers only.*1 of 12 are not"),
        (np.where(X == 4, np.inf, X), "finite numbers only"),
        (np.array([["a"] * 3]), "hold numbers"),
        (object(), "hold examples"),
    ],
)
def test_what_does_not_fit_is_refused(model, x, rule):
    with pytest.raises(ValueError, match=f"`seen` must .*{rule}"):
        examples("seen", x, model)


def test_pair_names_what_is_none():
    assert pair("data", [1, 2]) == (1, 2)
    with pytest.raises(ValueError, match=r"`shifted` must be a pair \(x, y\)"):
        pair("shifted", 3)


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        ([2, 0, 1], 3),
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], 3),
        ([[2.0], [0.0], [1.0]], 3),
    ],
)
def test_labels_are_indices(y, classes):
    found = labels("y", y, count=3, classes=classes)
    assert found.tolist() == [2, 0, 1]


def test_one_output_tells_two_classes_apart():
    assert labels("y", [0, 1], count=2, classes=1).tolist() == [0, 1]
    with pytest.raises(ValueError, match="labels from 0 to 1"):
        labels("y", [0, 2], count=2, classes=1)


@pytest.mark.parametrize(
    ("y", "rule"),
    [
        (None, "one label for each of the 3 examples"),
        ([0, 1], "one label for each of the 3 examples"),
        ([0, 1, np.nan], "be classes|that are classes"),
        ([0, 1, 0.5], "that are classes"),
        (["a", "b", "c"], "that are classes"),
        ([0, 1, 3], "from 0 to 2, .*y=3"),
        ([0, 1, -1], "from 0 to 2, .*y=-1"),
        ([[0], [1, 2], [0]], "hold labels"),
    ],
)
def test_labels_that_no_output_is_of_are_refused(y, rule):
    with pytest.raises(ValueError, match=f"`y` must .*({rule})"):
        labels("y", y, count=3, classes=3)
