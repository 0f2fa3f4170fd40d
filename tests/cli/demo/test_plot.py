import matplotlib.image
import numpy as np
import pytest

from tfcompress.cli.demo.plot import plot, spread
from tfcompress.cli.demo.row import Row


def row(name, bytes, accuracy):
    return Row(name, "", "a.tflite", accuracy, bytes, smaller=1.0)


def test_heights_that_are_far_apart_stay():
    assert spread([0.1, 0.5, 0.9]) == [0.1, 0.5, 0.9]


@pytest.mark.parametrize(
    "heights", [[0.5] * 10, [0.0] * 8, [1.0] * 8, [0.2, 0.21, 0.99, 1]]
)
def test_heights_that_are_near_are_moved_apart_in_order(heights):
    moved = spread(heights)
    assert np.diff(moved).min() > 0.07 - 1e-9
    assert min(moved) >= 0
    assert max(moved) <= 1


def test_more_than_fit_are_spread_evenly():
    np.testing.assert_allclose(spread([0.5] * 41), np.linspace(0, 1, 41), atol=1e-9)


def test_picture_has_a_point_for_each_file_and_none_for_a_failure(tmp_path):
    rows = [row("a", 1000, 0.9), row("b", 1000, 0.9), Row("c", "", failure="no luck")]
    path = plot(rows, "title", tmp_path / "plot.png")
    assert np.std(matplotlib.image.imread(path)) > 0.05
