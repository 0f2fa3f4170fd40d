import numpy as np
import pytest

from tfcompress.report.shifted_data import Shift, ShiftedData


class Says:
    """Gives the class that stands in a column of the input."""

    def __init__(self, column):
        self.column = column

    def predict(self, x, verbose=0):
        return np.eye(2)[np.asarray(x)[:, self.column]]


# All of class 1; the model (column 0) has two of four right, the baseline three.
FOGGY = np.array([[1, 1], [1, 1], [0, 1], [0, 0]]), [1, 1, 1, 1]


def test_excess_error_is_what_is_lost_beyond_the_usual():
    found = ShiftedData.of(Says(0), Says(1), {"fog": FOGGY}, lost=0.05)
    assert found.shifts == (Shift("fog", 0.5, 0.75, pytest.approx(0.25 - 0.05)),)
    assert found.grids()[0].rows == [["fog", "50.00%", "75.00%", "+20.00"]]
    assert found.scalars()["excess_error_fog"] == pytest.approx(0.2)


def test_without_a_baseline_there_is_the_accuracy():
    found = ShiftedData.of(Says(0), None, {"fog": FOGGY}, lost=0.0)
    assert found.shifts == (Shift("fog", 0.5),)
    assert found.grids()[0].rows == [["fog", "50.00%", "?", "?"]]


def test_sets_without_names_are_refused():
    with pytest.raises(TypeError, match="`shifted` must be a mapping of names"):
        ShiftedData.of(Says(0), None, [FOGGY], lost=0.0)


def test_set_that_is_no_pair_is_refused_by_its_name():
    with pytest.raises(ValueError, match=r"`shifted\['fog'\]` must be a pair"):
        ShiftedData.of(Says(0), None, {"fog": FOGGY[0]}, lost=0.0)
