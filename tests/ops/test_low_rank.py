import numpy as np
import pytest

from tfcompress.ops import low_rank


def test_factors_are_the_best_approximation_of_their_rank(rng):
    matrix = rng.normal(size=(9, 6))
    values = np.linalg.svd(matrix, compute_uv=False)
    for rank in range(1, 7):
        left, right = low_rank.factorize(matrix, rank)
        # Eckart-Young: nothing of this rank misses by less than the dropped values.
        error = np.linalg.norm(matrix - left @ right)
        assert error == pytest.approx(np.linalg.norm(values[rank:]), abs=1e-12)


def test_factors_share_the_scale(rng):
    left, right = low_rank.factorize(rng.normal(size=(9, 6)), 3)
    assert np.allclose(left.T @ left, right @ right.T)


@pytest.mark.parametrize(("rows", "columns"), [(784, 1000), (10, 20), (3, 3), (1, 5)])
def test_paying_rank_is_the_last_that_stores_less(rows, columns):
    rank = low_rank.paying_rank(rows, columns)
    assert rank * (rows + columns) < rows * columns
    assert (rank + 1) * (rows + columns) >= rows * columns


def test_rank_for_ratio_holds_the_ratio():
    rank = low_rank.rank_for_ratio(784, 1000, 0.25)
    assert rank * 1784 <= 0.25 * 784000 < (rank + 1) * 1784


@pytest.mark.parametrize(
    ("energy", "rank"), [(9 / 14, 1), (0.65, 2), (13 / 14, 2), (0.93, 3), (1.0, 3)]
)
def test_rank_for_energy_is_the_first_that_holds_it(energy, rank):
    assert low_rank.rank_for_energy(np.diag([3.0, 2.0, 1.0]), energy) == rank


def test_zero_matrix_has_all_its_energy_at_rank_one():
    assert low_rank.rank_for_energy(np.zeros((3, 3)), 1.0) == 1
