"""The mathematics of W = U V: factors, break-even rank, ranks from a wish."""

import numpy as np


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
    squares = np.linalg.svd(matrix, compute_uv=False).astype("float64") ** 2
    total = squares.sum()
    if total == 0:
        return 1
    # The tolerance is that of the sum itself: 13 / 14 must be met by 9 + 4 of 14.
    enough = np.cumsum(squares) >= energy * total * (1 - 1e-12)
    return int(np.argmax(enough)) + 1
