"""The convex programme of Net-Trim: the sparsest layer with nearly the same outputs."""

import numpy as np


def net_trim_layer(inputs, weights, *, epsilon, relu, penalised=None, iterations=200):
    r"""Returns sparse weights under which a layer does nearly what it did.

    $$ \min \lVert W \rVert_1 \quad \text{such that} \quad
       \lVert (X W - Y)_\Omega \rVert_F \le \epsilon \lVert Y_\Omega \rVert_F, \quad
       (X W)_{\bar\Omega} \le 0 $$

    where $Y = \max(X W_0, 0)$ and $\Omega$ is where it is positive; for a linear layer
    $Y = X W_0$ and $\Omega$ is everywhere. It is solved by the alternating direction
    method of multipliers; the result meets the constraints nearly, as measured by
    `discrepancy`.

    Args:
        inputs: Array of shape `(samples, n)`; a column of ones for a bias.
        weights: Array of shape `(n, units)`.
        epsilon: Float in (0, 1), the discrepancy allowed.
        relu: Whether the layer's outputs are rectified.
        penalised: Bool array of shape `(n,)`; what is False need not be sparse.
        iterations: Integer, the steps of the method.

    Example: the second input is the first once more, and half as large.

    >>> inputs = np.random.default_rng(0).normal(size=(50, 1)) * [[1.0, 0.5]]
    >>> weights = np.array([[1.0], [2.0]])
    >>> sparse = net_trim_layer(inputs, weights, epsilon=0.01, relu=False)
    >>> [round(float(w), 1) for w in sparse[:, 0]]
    [2.0, 0.0]

    References:
        - [Aghasi et al., 2016](https://arxiv.org/abs/1611.05162)
    """
    import scipy.linalg

    # Units of the problem, so that one penalty parameter suits all layers.
    size = np.sqrt(np.mean(np.square(inputs)) * len(inputs)) or 1.0
    unit = np.mean(np.abs(weights)) or 1.0
    x, start = np.asarray(inputs, "float64") / size, weights / unit
    target = x @ start
    free = target > 0 if relu else np.ones(target.shape, bool)
    target = np.where(free, target, 0.0)
    radius = epsilon * np.linalg.norm(target)
    soft = np.ones(len(weights)) if penalised is None else penalised.astype(float)
    soft = 0.1 * soft[:, None]

    factor = scipy.linalg.cho_factor(x.T @ x + np.eye(x.shape[1]))
    dense, outputs = start, target
    sparse_dual, output_dual = np.zeros_like(start), np.zeros_like(target)
    for _ in range(iterations):
        wanted = dense - sparse_dual
        sparse = np.sign(wanted) * np.maximum(np.abs(wanted) - soft, 0.0)
        outputs = _project(x @ dense - output_dual, target, free, radius)
        right = x.T @ (outputs + output_dual) + sparse + sparse_dual
        dense = scipy.linalg.cho_solve(factor, right)
        sparse_dual += sparse - dense
        output_dual += outputs - x @ dense
    return (sparse * unit).astype(weights.dtype)


def discrepancy(inputs, weights, sparse, *, relu):
    """Returns the relative change of a layer's outputs, in the Frobenius norm."""
    before, after = inputs @ weights, inputs @ sparse
    if relu:
        before, after = np.maximum(before, 0), np.maximum(after, 0)
    norm = np.linalg.norm(before)
    return float(np.linalg.norm(after - before) / norm) if norm else 0.0


def _project(outputs, target, free, radius):
    """Returns the nearest outputs that meet the constraints."""
    off = np.where(free, outputs - target, 0.0)
    norm = np.linalg.norm(off)
    off *= min(1.0, radius / norm) if norm else 1.0
    return np.where(free, target + off, np.minimum(outputs, 0.0))
