import numpy as np
import pytest

from tfcompress.report.predictions import Predictions


def test_softmax_outputs_are_probabilities_as_they_are():
    outputs = np.array([[0.25, 0.75], [1.0, 0.0]])
    np.testing.assert_array_equal(Predictions(outputs).probabilities, outputs)


def test_logits_become_probabilities():
    found = Predictions(np.array([[0.0, np.log(3.0)], [1000.0, 0.0]])).probabilities
    np.testing.assert_allclose(found, [[0.25, 0.75], [1, 0]])


def test_logits_that_sum_to_one_are_still_logits():
    found = Predictions(np.array([[2.0, -1.0]])).probabilities
    np.testing.assert_allclose(found, [[1 / (1 + np.exp(-3)), 1 / (1 + np.exp(3))]])


def test_one_output_is_the_probability_of_the_second_class():
    predictions = Predictions(np.array([[0.2], [0.8]]))
    assert predictions.classes.tolist() == [0, 1]
    np.testing.assert_array_equal(predictions.probabilities, [[0.2], [0.8]])


@pytest.mark.parametrize("y", [[1, 0], [[1], [0]], [[0, 1], [1, 0]]])
def test_labels_are_indices(y):
    assert Predictions(np.zeros((2, 2))).labels(y).tolist() == [1, 0]


def test_outputs_that_are_not_finite_have_no_class():
    class Diverged:
        name = "diverged"

        def predict(self, x, verbose=0):
            return np.array([[0.5, np.nan]])

    with pytest.raises(ValueError, match="`model` must give finite.*'diverged'"):
        Predictions.of(Diverged(), None)
