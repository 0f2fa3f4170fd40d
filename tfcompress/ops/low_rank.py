"""The mathematics of W = U V: factors, break-even rank, ranks from a wish."""

import numpy as np

from tfcompress.ops.observed_inputs import ObservedInputs


def factorize(matrix: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the factors of the best approximation of `rank` (Eckart-Young).

    With the singular value decomposition $W = P S Q^T$ they are $P_r S_r^{1/2}$ and
    $S_r^{1/2} Q_r^T$: the scale is shared, so that both train alike.
    """
    p, s, qt = np.linalg.svd(matrix, full_matrices=False)
    root = np.sqrt(s[:rank])
    return p[:, :rank] * root, root[:, None] * qt[:rank]


def paying_rank(rows: int, columns: int) -> int:
    """Returns the highest rank whose factors hold fewer numbers than the matrix.

    >>> paying_rank(784, 1000)  # 439 * 1784 = 783176 < 784000
    439
    """
    return (rows * columns - 1) // (rows + columns)


def rank_for_ratio(rows: int, columns: int, ratio: float) -> int:
    """Returns the highest rank whose factors hold at most `ratio` of the matrix."""
    return int(ratio * rows * columns / (rows + columns))


def rank_for_energy(matrix: np.ndarray, energy: float) -> int:
    """Returns the lowest rank that keeps `energy` of the sum of squares.

    >>> rank_for_energy(np.diag([3.0, 2.0, 1.0]), energy=13 / 14)
    2
    """
    return rank_for_squares(squares(matrix), energy)


def squares(matrix: np.ndarray) -> np.ndarray:
    """Returns the squares of the singular values, largest first."""
    return np.linalg.svd(matrix, compute_uv=False).astype("float64") ** 2


def rank_for_squares(squares: np.ndarray, energy: float) -> int:
    """Returns how many of `squares`, sorted, hold `energy` of their sum; at least 1."""
    total = squares.sum()
    if total == 0:
        return 1
    # The tolerance is that of the sum itself: 13 / 14 must be met by 9 + 4 of 14.
    enough = np.cumsum(squares) >= energy * total * (1 - 1e-12)
    return int(np.argmax(enough)) + 1


def factorize_outputs(
    matrix: np.ndarray, inputs: ObservedInputs, rank: int
) -> tuple[np.ndarray, np.ndarray]:
    r"""Returns the factors of `rank` whose outputs on `inputs` are the nearest.

    Reduced-rank regression: $X W$ has the best approximation $X W Q_r Q_r^T$ of its
    rank, with $Q_r$ the leading eigenvectors of $W^T G W$, and that is the output of
    $\hat W = W Q_r Q_r^T$. It misses by the sum of the other eigenvalues. Inputs that
    never occur cost nothing, and need no inverse.
    """
    _, vectors = np.linalg.eigh(inputs.inner(matrix, matrix))
    basis = vectors[:, ::-1][:, :rank]
    left, right = matrix.astype("float64") @ basis, basis.T
    # The scale is shared, component by component, so that both train alike.
    norms = np.linalg.norm(left, axis=0)
    root = np.sqrt(np.where(norms > 0, norms, 1.0))
    return (left / root).astype("float32"), (root[:, None] * right).astype("float32")


def output_squares(matrix: np.ndarray, inputs: ObservedInputs) -> np.ndarray:
    """Returns the squares of the singular values of the outputs, largest first."""
    values = np.linalg.eigvalsh(inputs.inner(matrix, matrix))
    return np.maximum(values[::-1], 0.0)[: min(matrix.shape)]


def improve_right(
    matrix: np.ndarray, left: np.ndarray, right: np.ndarray, inputs: ObservedInputs
) -> np.ndarray:
    r"""Returns the right factor that is best for the outputs on `inputs`, $U$ as it is.

    A least-squares step from `right`, so that the outputs can only get nearer.
    """
    rest = inputs.inner(left, matrix - left @ right)
    step = np.linalg.lstsq(inputs.inner(left, left), rest, rcond=1e-8)[0]
    return right + step
