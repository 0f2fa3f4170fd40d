import matplotlib.image
import numpy as np
import pytest

from tfcompress.cli.scatter import Picture, Point, front, scatter, spread


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


def test_picture_shows_files_that_are_alike_and_many(tmp_path):
    points = [Point("a", 1000, 0.9), Point("b", 1000, 0.9, "gray")]
    points += [Point(f"c{index}", 10_000, 0.8) for index in range(30)]

    path = scatter(points, "title", tmp_path / "plot.png")

    assert np.std(matplotlib.image.imread(path)) > 0.05


def test_front_is_what_no_other_beats():
    small, good, bad = Point("s", 1, 0.8), Point("g", 9, 0.9), Point("b", 10, 0.85)
    assert front([bad, small, good]) == [good, small]
    assert front([bad, small, good], greater=True) == [good, bad]
    assert front([good, Point("twin", 9, 0.9)]) == [good]


def test_speeds_have_a_picture_too(tmp_path):
    points = [Point("a", 1.0, 0.9), Point("b", 12.5, 0.8)]
    Picture("title", "speed.png", points, speed=True).draw(tmp_path)
    assert np.std(matplotlib.image.imread(tmp_path / "speed.png")) > 0.05
