import keras
import numpy as np
import pytest

from tfcompress.export.export_error import ExportError
from tfcompress.export.scoring import Scoring
from tfcompress.export.signature import Signature
from tfcompress.export.tflite import to_tflite

X = np.eye(4, dtype="float32")


class Says:
    """A file that gives these classes."""

    def __init__(self, *classes):
        self.classes = classes

    def predict(self, x, verbose):
        assert x.keys() == {"x"}
        return np.eye(4)[list(self.classes)]


@pytest.fixture
def identity():
    model = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(4)])
    model.layers[0].kernel.assign(np.eye(4))
    return model


def scoring(model, labels=(0, 1, 2, 0), drop=0.25):
    return Scoring.of(model, Signature.of(model), (X, np.array(labels)), drop)


def test_the_model_is_asked_first(identity):
    assert scoring(identity).accuracy == 0.75


def test_a_file_may_lose_as_much_as_is_allowed(identity):
    assert scoring(identity).check(Says(0, 1, 0, 3), "int8") == 0.5


def test_a_file_that_loses_more_is_refused(identity):
    match = r"made with int8 gets 25.00% .* the model 75.00%; .* allows 25.00% less"
    with pytest.raises(ExportError, match=match):
        scoring(identity).check(Says(0, 0, 0, 3), "int8")


def test_the_result_of_an_export_has_the_accuracy(identity, tmp_path):
    data = X, np.array([0, 1, 2, 0])
    result = to_tflite(identity, tmp_path / "m.tflite", accuracy_data=data)
    assert result.accuracy == 0.75


@pytest.mark.parametrize("structure", [list, lambda y: {"a": y[0], "b": y[1]}])
def test_a_model_of_two_outputs_has_no_accuracy(identity, structure):
    outputs = [*identity.outputs, keras.layers.Dense(1)(identity.outputs[0])]
    two = keras.Model(identity.inputs, structure(outputs))
    match = "`accuracy_data` must belong to a model of one output.*a model of 2"
    with pytest.raises(ValueError, match=match):
        scoring(two)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (X, "`accuracy_data` must be a pair"),
        ((X[:, :2], [0, 1, 2, 3]), r"`accuracy_data` must have shape \(None, 4\)"),
        ((X, [0, 1]), "one label for each of the 4 examples"),
    ],
)
def test_what_does_not_fit_the_model_is_refused(identity, data, match):
    with pytest.raises(ValueError, match=match):
        Scoring.of(identity, Signature.of(identity), data, 0.0)
