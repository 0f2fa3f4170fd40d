import numpy as np
import pytest

from tfcompress.ops import low_rank
from tfcompress.ops.observed_inputs import ObservedInputs


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


def observed(rows):
    inputs = ObservedInputs(rows.shape[1])
    inputs.add(rows)
    return inputs


@pytest.mark.parametrize("examples", [50, 5])  # fewer than inputs: X^T X is singular
def test_factors_of_outputs_are_the_best_approximation_of_the_outputs(examples, rng):
    rows = rng.normal(size=(examples, 9)) * np.arange(1, 10)
    matrix = rng.normal(size=(9, 6))
    values = np.linalg.svd(rows @ matrix, compute_uv=False)
    for rank in range(1, 7):
        left, right = low_rank.factorize_outputs(matrix, observed(rows), rank)
        error = np.linalg.norm(rows @ (matrix - left @ right))
        expected = np.linalg.norm(values[rank:])
        assert error == pytest.approx(expected, abs=2e-5 * values[0])


def test_outputs_are_never_missed_by_more_than_the_best_factors_of_the_weight(rng):
    rows, matrix = rng.normal(size=(40, 9)) ** 3, rng.normal(size=(9, 6))
    for rank in range(1, 6):
        of_outputs = low_rank.factorize_outputs(matrix, observed(rows), rank)
        of_weight = low_rank.factorize(matrix, rank)
        errors = [
            np.linalg.norm(rows @ (matrix - left @ right))
            for left, right in (of_outputs, of_weight)
        ]
        assert errors[0] < errors[1]


def test_with_white_inputs_both_are_the_same(rng):
    matrix = rng.normal(size=(9, 6)).astype("float32")
    left, right = low_rank.factorize_outputs(matrix, observed(np.eye(9)), 3)
    first, second = low_rank.factorize(matrix, 3)
    np.testing.assert_allclose(left @ right, first @ second, atol=1e-5)


def test_squares_of_outputs_are_their_singular_values(rng):
    rows, matrix = rng.normal(size=(40, 4)), rng.normal(size=(4, 6))
    squares = low_rank.output_squares(matrix, observed(rows))
    values = np.linalg.svd(rows @ matrix, compute_uv=False)[:4]
    np.testing.assert_allclose(squares, values**2, rtol=1e-4)
