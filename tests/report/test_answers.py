import numpy as np
import pytest

from tfcompress.report.answers import Answers, ClassAnswers
from tfcompress.report.intervals import change_interval
from tfcompress.report.predictions import Predictions

LABELS = [0, 0, 0, 1, 1, 1, 1, 2]
OURS = [0, 1, 0, 1, 1, 0, 1, 0]  # five right
THEIRS = [0, 0, 0, 1, 1, 2, 0, 2]  # six right, four of them with us


def predictions(classes):
    return Predictions(np.eye(3)[classes])


@pytest.fixture
def answers():
    return Answers.of(predictions(OURS), LABELS, predictions(THEIRS))


def test_numbers_are_those_counted_by_hand(answers):
    assert (answers.examples, answers.right, answers.baseline_right) == (8, 5, 6)
    assert answers.both_right == 4
    assert answers.accuracy == 5 / 8
    assert answers.change == -1 / 8
    assert answers.agreement == 4 / 8  # where both are wrong, they differ
    assert answers.classes == (
        ClassAnswers(0, 3, 2, 3),
        ClassAnswers(1, 4, 3, 2),
        ClassAnswers(2, 1, 0, 1),
    )


def test_change_is_that_of_one_gained_and_two_lost(answers):
    assert answers.change_interval == change_interval(gained=1, lost=2, count=8)


def test_intervals_hold_what_was_measured(answers):
    for value, name in ((answers.accuracy, "interval"), (answers.change, "change_")):
        low, high = getattr(answers, name if name == "interval" else "change_interval")
        assert low < value < high


def test_remarks_name_the_class_that_loses_most(answers):
    assert "Most is lost in class 2: -100.00 points." in answers.remarks()
    assert answers.remarks()[1].startswith("Change: -12.50 points (95 % interval ")


def test_table_has_a_line_for_each_class(answers):
    (grid,) = answers.grids()
    assert grid.rows[0] == ["0", "3", "66.67%", "100.00%", "-33.33"]


def test_without_a_baseline_there_is_no_change():
    answers = Answers.of(predictions(OURS), LABELS)
    assert answers.change is answers.change_interval is answers.agreement is None
    assert answers.grids() == []
    assert answers.scalars() == {"accuracy": 5 / 8}
    (line,) = answers.remarks()
    assert line.startswith("Accuracy: 62.50% (95 % interval ")


def test_many_classes_are_in_json_alone():
    labels = np.arange(40)
    many = Predictions(np.eye(40))
    answers = Answers.of(many, labels, many)
    assert answers.grids() == []
    assert answers.figure() is None
    assert len(answers.as_dict()["classes"]) == 40
