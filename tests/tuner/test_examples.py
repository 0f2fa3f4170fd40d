import numpy as np
import pytest

from tfcompress.tuner.examples import Examples

X, Y = np.arange(20.0).reshape(10, 2), np.arange(10)


def test_the_last_are_set_aside_as_in_fit():
    examples = Examples.of((X, Y), None, 0.2)
    assert examples.y.tolist() == list(range(8))
    assert examples.y_validation.tolist() == [8, 9]
    assert examples.x_validation.tolist() == X[8:].tolist()


def test_validation_data_leave_the_others_whole():
    examples = Examples.of((X, Y), (X[:3], Y[:3]), 0.2)
    assert len(examples.y) == 10
    assert examples.y_validation.tolist() == [0, 1, 2]


def test_the_first_ones_may_be_taken_of_several_inputs():
    examples = Examples.of(({"a": X, "b": X[:, 0]}, Y), None, 0.2)
    assert examples.first(3)["b"].tolist() == X[:3, 0].tolist()
    x, y = examples.to_compare(1)
    assert x["a"].tolist() == X[8:9].tolist()
    assert y.tolist() == [8]


@pytest.mark.parametrize(
    ("data", "split", "message"),
    [
        (X, 0.1, "`data` must be a pair"),
        ((X, Y[:3]), 0.1, "`data` must hold one label for each example"),
        ((X, Y), 0.001, "`validation_split` must leave examples"),
        ((X, Y), 1.0, "`validation_split` must be a number in"),
    ],
)
def test_what_cannot_be_split_is_refused(data, split, message):
    with pytest.raises(ValueError, match=message):
        Examples.of(data, None, split)
