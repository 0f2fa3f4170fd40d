import numpy as np
import pytest

from tfcompress.dictionaries.grid import checked_grid, grid_of, subset


def test_what_remains_of_the_rows_is_channels():
    assert grid_of((28, 28), (784,)) == ((28, 28), 1)
    assert grid_of((4, 4), (4, 4, 3)) == ((4, 4), 3)


def test_a_convolution_has_its_window():
    assert grid_of(None, (3, 5, 8)) == ((3, 5), 8)


def test_a_matrix_has_none():
    with pytest.raises(
        ValueError, match="`grid` must be given for a weight of 784 rows"
    ):
        grid_of(None, (784,))


def test_rows_that_do_not_lie_on_the_grid_are_refused():
    with pytest.raises(ValueError, match="divides 784.*grid=\\(30, 30\\)"):
        grid_of((30, 30), (784,))


def test_a_grid_holds_positive_sizes():
    assert checked_grid([4, 5]) == (4, 5)
    with pytest.raises(ValueError, match="`grid` must be a positive integer"):
        checked_grid((4, 0))


def test_subset_is_in_order_and_without_repeats():
    chosen = subset(20, 12, seed=1)
    assert (np.diff(chosen) > 0).all()
    assert chosen.tolist() == subset(20, 12, seed=1).tolist()
