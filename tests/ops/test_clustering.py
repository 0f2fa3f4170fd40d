import numpy as np
import pytest

from tfcompress.ops import clustering


@pytest.mark.parametrize("start", clustering.STARTS)
def test_separate_groups_are_found(start, rng):
    groups = np.array([-5.0, 0.0, 4.0])
    numbers = (groups + rng.normal(scale=0.01, size=(50, 3))).ravel()
    centres = clustering.kmeans(numbers, 3, start)
    np.testing.assert_allclose(centres, groups, atol=0.02)


def test_no_move_of_a_centre_is_better(rng):
    numbers = rng.normal(size=500)
    centres = clustering.kmeans(numbers, 8)
    index = clustering.nearest(numbers, centres)
    for k, centre in enumerate(centres):
        assert centre == pytest.approx(numbers[index == k].mean())


def test_more_centres_than_numbers_are_no_harm():
    numbers = np.array([1.0, 1.0, 2.0])
    for start in clustering.STARTS:
        centres = clustering.kmeans(numbers, 5, start)
        assert len(centres) == 5
        got = centres[clustering.nearest(numbers, centres)]
        np.testing.assert_allclose(got, numbers, atol=0.3)
