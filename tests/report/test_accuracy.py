import numpy as np
import pytest

from tfcompress.report.accuracy import accuracy


class Model:
    """Predicts what it is given."""

    def predict(self, x, verbose=0):
        return np.array(x, "float32")


OUTPUTS = [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]]


@pytest.mark.parametrize(
    "labels",
    [[0, 1, 1, 1], [[0], [1], [1], [1]], [[1, 0], [0, 1], [0, 1], [0, 1]]],
    ids=["indices", "column", "one-hot"],
)
def test_is_the_share_of_right_answers(labels):
    assert accuracy(Model(), (OUTPUTS, labels)) == 0.75


def test_single_output_is_right_above_one_half():
    assert accuracy(Model(), ([[0.9], [0.2], [0.4]], [1, 0, 1])) == pytest.approx(2 / 3)


@pytest.mark.parametrize("data", [OUTPUTS, (OUTPUTS,), "xy!", None])
def test_data_that_is_no_pair_is_refused(data):
    with pytest.raises(ValueError, match=r"`data` must be a pair \(x, y\)"):
        accuracy(Model(), data)


@pytest.mark.parametrize("labels", [[0, 1], [], [[0, 1, 0, 1]] * 4])
def test_labels_that_do_not_fit_are_refused(labels):
    with pytest.raises(ValueError, match="one label for each of the 4 examples"):
        accuracy(Model(), (OUTPUTS, labels))


def test_outputs_that_are_no_rows_are_refused():
    with pytest.raises(ValueError, match="one row of outputs for each example"):
        accuracy(Model(), (np.zeros((2, 3, 4)), [0, 1]))
