"""The cosine transform of convolution filters, and the budget of its frequencies."""

import numpy as np
from keras import ops


def cosine_matrix(size: int) -> np.ndarray:
    """Returns the orthonormal DCT-II matrix: row k is the wave of frequency k.

    >>> print(cosine_matrix(2).round(3))
    [[ 0.707  0.707]
     [ 0.707 -0.707]]
    """
    k, n = np.mgrid[:size, :size]
    waves = np.cos(np.pi * k * (2 * n + 1) / (2 * size)) * np.sqrt(2 / size)
    waves[0] /= np.sqrt(2)
    return waves.astype("float32")


def to_frequencies(array: np.ndarray) -> np.ndarray:
    """Returns the cosine transform over all axes of a kernel but the last two."""
    for axis, size in enumerate(array.shape[:-2]):
        array = np.moveaxis(
            np.tensordot(cosine_matrix(size), array, (1, axis)), 0, axis
        )
    return array


def from_frequencies(tensor):
    """Returns the inverse of `to_frequencies`, for tensors."""
    for axis, size in enumerate(tensor.shape[:-2]):
        if size > 1:
            waves = ops.cast(cosine_matrix(size), tensor.dtype)
            tensor = ops.moveaxis(
                ops.tensordot(waves, tensor, ((0,), (axis,))), 0, axis
            )
    return tensor


def bands(spatial_shape) -> np.ndarray:
    """Returns the band of each frequency, the sum of its indices, in flat order.

    >>> bands((3, 3)).tolist()
    [0, 1, 2, 1, 2, 3, 2, 3, 4]
    """
    grid = np.indices(spatial_shape) if spatial_shape else np.zeros((1, 1), int)
    return grid.sum(axis=0).ravel()


def share_budget(sizes: np.ndarray, budget: int, a: float, b: float) -> np.ndarray:
    r"""Returns how many of `budget` buckets each band gets; they sum to it exactly.

    Band $j$ of $n_j$ weights at $x_j \in (0, 1)$ gets in proportion to
    $n_j\, x_j^{a-1} (1 - x_j)^{b-1}$, at least one and at most $n_j$. With $a < 1 < b$
    low frequencies share less than high ones.

    >>> share_budget(np.array([10, 20, 10]), 12, a=0.25, b=2.5).tolist()
    [8, 3, 1]
    """
    x = (np.arange(len(sizes)) + 0.5) / len(sizes)
    weight = sizes * x ** (a - 1) * (1 - x) ** (b - 1)
    low, high = 0.0, sizes.max() * budget / weight.min()
    for _ in range(100):  # the scale at which the shares, within their bounds, sum up
        scale = (low + high) / 2
        shares = np.clip(scale * weight, 1, sizes)
        low, high = (scale, high) if shares.sum() < budget else (low, scale)
    shares = np.clip(high * weight, 1, sizes)
    counts = np.minimum(np.floor(shares + 1e-9).astype(int), sizes)
    while counts.sum() < budget:
        rest = np.where(counts < sizes, shares - counts, -np.inf)
        counts[np.argmax(rest)] += 1
    return counts
