"""What a layer's inputs were on a batch, as far as its outputs depend on them."""

import numpy as np

SAMPLE = 10_000


class ObservedInputs:
    r"""The rows $X$ that a weight matrix $W$ was multiplied with, as $G = X^T X$.

    How far the outputs of $\hat W$ are from those of $W$ follows from $G$ alone:
    $\lVert X W - X \hat W \rVert_F^2 = \operatorname{tr}(D^T G D)$ with
    $D = W - \hat W$. Also kept are some of the rows, for what needs examples.

    Rows that have a single one among zeros, as look-ups have, are given as indices:
    then $G$ is diagonal and holds their counts.

    Example:

    >>> seen = ObservedInputs(2)
    >>> seen.add(np.array([[1.0, 0.0], [1.0, 2.0]]))
    >>> seen.gram.tolist(), seen.count
    ([[2.0, 2.0], [2.0, 4.0]], 2)
    >>> seen.output_error(np.array([[1.0], [1.0]]), np.array([[1.0], [0.0]]) / 1)
    0.632...
    """

    def __init__(self, features: int, *, indexed: bool = False):
        self.features = features
        self.gram = np.zeros(features if indexed else (features, features))
        self.count = 0
        self._kept = []

    def add(self, rows) -> None:
        """Adds rows of shape (n, features), or n indices."""
        if self.gram.ndim == 1:
            rows = np.asarray(rows).ravel()
            self.gram += np.bincount(rows, minlength=self.features)
        else:
            rows = np.asarray(rows, "float32").reshape(-1, self.features)
            self.gram += (rows.T @ rows).astype("float64")
            # Every n-th, so that no part of an image or a sequence is left out.
            step = -(-len(rows) // SAMPLE)
            self._kept.append(rows[::step])
        self.count += len(rows)

    @property
    def sample(self) -> np.ndarray:
        """Some of the rows, at most 10000 of each addition."""
        if self.gram.ndim == 1:
            which = np.repeat(np.arange(self.features), self.gram > 0)
            return np.eye(self.features, dtype="float32")[which]
        return np.concatenate(self._kept)

    def inner(self, first, second) -> np.ndarray:
        r"""Returns $A^T G B$, the inner products of the outputs $X A$ and $X B$."""
        first, second = np.asarray(first, "float64"), np.asarray(second, "float64")
        if self.gram.ndim == 1:
            return (first * self.gram[:, None]).T @ second
        return first.T @ (self.gram @ second)

    def energy(self, matrix) -> float:
        r"""Returns $\lVert X A \rVert_F^2$."""
        matrix = np.asarray(matrix, "float64")
        scaled = (
            matrix * self.gram[:, None] if self.gram.ndim == 1 else self.gram @ matrix
        )
        return max(float(np.sum(matrix * scaled)), 0.0)

    def output_error(self, matrix, approximation) -> float:
        r"""Returns $\lVert X W - X \hat W \rVert_F / \lVert X W \rVert_F$."""
        total = self.energy(matrix)
        missed = self.energy(np.asarray(matrix, "float64") - approximation)
        return (missed / total) ** 0.5 if total else 0.0
