import keras
import numpy as np
import pytest

from tfcompress.cli.data import load_data

X, Y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 2, 0, 1, 2])


@pytest.fixture
def model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)], name="m")


def npz(folder, **arrays):
    path = folder / "data.npz"
    np.savez(path, **arrays)
    return str(path)


def test_two_parts_are_kept_apart(tmp_path, model):
    path = npz(tmp_path, x_train=X[:4], y_train=Y[:4], x_test=X[4:], y_test=Y[4:])
    data = load_data(path)
    np.testing.assert_array_equal(data.to_train_on(model)[0], X[:4])
    np.testing.assert_array_equal(data.to_judge_by(model)[0], X[4:])
    np.testing.assert_array_equal(data.held_out(model)[1], Y[4:])


def test_one_part_is_for_both_and_nothing_is_held_out(tmp_path, model):
    data = load_data(npz(tmp_path, x=X, y=Y))
    np.testing.assert_array_equal(data.to_train_on(model)[0], X)
    np.testing.assert_array_equal(data.to_judge_by(model)[0], X)
    assert data.held_out(model) is None


@pytest.mark.parametrize(
    "labels", [np.eye(3)[Y], Y[:, None]], ids=["one-hot", "column"]
)
def test_labels_become_indices(tmp_path, labels, model):
    data = load_data(npz(tmp_path, x=X, y=labels))
    np.testing.assert_array_equal(data.to_judge_by(model)[1], Y)


def test_name_is_that_of_a_data_set():
    assert load_data("digits").test[0].shape == (364, 8, 8, 1)


def test_part_that_is_missing_is_named(tmp_path, model):
    data = load_data(npz(tmp_path, x_test=X, y_test=Y))
    with pytest.raises(ValueError, match=r"data\.npz has no x_train and y_train"):
        data.to_train_on(model)


def test_examples_of_another_shape_are_refused(tmp_path, model):
    data = load_data(npz(tmp_path, x=X[:, :1], y=Y))
    with pytest.raises(ValueError, match=r"examples of \(2,\).*not of \(1,\)"):
        data.to_judge_by(model)


def test_several_inputs_are_for_python(tmp_path):
    inputs = [keras.Input((2,), name="a"), keras.Input((2,), name="b")]
    model = keras.Model(inputs, keras.layers.Add()(inputs), name="two")
    data = load_data(npz(tmp_path, x=X, y=Y))
    with pytest.raises(ValueError, match=r"one input.* it has 'a', 'b'.* Use the func"):
        data.to_judge_by(model)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": X}, r"must hold x_train.*It holds: images"),
        ({"x": X, "y": Y[:3]}, "one label for each of 6 examples"),
    ],
)
def test_arrays_of_other_names_or_lengths_are_refused(tmp_path, arrays, message):
    with pytest.raises(ValueError, match=message):
        load_data(npz(tmp_path, **arrays))


def test_pickles_and_other_files_are_refused(tmp_path):
    path = npz(tmp_path, x=np.array([{}], dtype=object), y=Y)
    with pytest.raises(ValueError, match="is not a whole file of arrays"):
        load_data(path)
    (tmp_path / "data.npz").write_text("text")
    with pytest.raises(ValueError, match="is not a whole file of arrays"):
        load_data(path)
