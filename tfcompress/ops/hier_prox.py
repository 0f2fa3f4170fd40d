"""HIER-PROX: the proximal step that lets weights live only where a feature lives."""

import keras
from keras import ops


def hier_prox(theta, weights, step, hierarchy, *, l1=0.0):
    r"""Returns the `theta` and `weights` that minimize LassoNet's proximal problem.

    For each feature, with its skip weights $v$ and its hidden weights $u$,

    $$ \min_{\beta, W} \tfrac12 \lVert \beta - v \rVert_2^2
       + \tfrac12 \lVert W - u \rVert_2^2
       + t \lVert \beta \rVert_2 + \bar t \lVert W \rVert_1
       \quad \text{s.t.} \quad \lVert W \rVert_\infty \le M \lVert \beta \rVert_2 $$

    It is not convex, yet solved exactly: if $s$ hidden weights stand at the bound, then
    $\lVert \beta \rVert = \max(0, \lVert v \rVert - t + M \sum_{i \le s}
    (|u_{(i)}| - \bar t)) / (1 + s M^2)$ for the $s$ largest of them, and one pass over
    the sorted weights finds $s$. A feature with $v = 0$ may come back, in the
    direction of equal parts.

    Args:
        theta: Tensor `(features, outputs)`, the skip weights.
        weights: Tensor `(features, units)`, the first hidden layer's.
        step: Number or scalar tensor `t >= 0`.
        hierarchy: Number `M > 0`.
        l1: Number or scalar tensor `>= 0`, the step $\bar t$ on single hidden weights.

    Returns:
        The new `theta` and `weights`, of the same shapes and dtypes.

    Example:

    The first feature's hidden weight is bounded by its skip weight; the second, which
    both are too weak to hold, goes.

    >>> theta, weights = hier_prox([[3.0], [0.1]], [[8.0], [0.2]], 1.0, 1.0)
    >>> print(theta.numpy().tolist(), weights.numpy().tolist())
    [[5.0], [0.0]] [[5.0], [0.0]]

    References:
        - [Lemhadri et al., 2021, algorithm 2](https://arxiv.org/abs/1907.12207)
    """
    theta, weights = ops.convert_to_tensor(theta), ops.convert_to_tensor(weights)
    dtype = keras.backend.result_type(theta.dtype, "float32")
    v, u = ops.cast(theta, dtype), ops.cast(weights, dtype)
    step, l1 = ops.cast(step, dtype), ops.cast(l1, dtype)
    norm = ops.sqrt(ops.sum(ops.square(v), axis=1, keepdims=True))

    units = u.shape[1]
    none = ops.zeros_like(norm)
    largest = -ops.sort(-ops.abs(u), axis=1)
    gained = ops.concatenate([none, ops.cumsum(largest - l1, axis=1)], axis=1)
    count = ops.cast(ops.arange(units + 1), dtype)
    beta = ops.maximum(norm - step + hierarchy * gained, 0) / (1 + count * hierarchy**2)
    free = ops.concatenate([ops.maximum(largest - l1, 0), none], axis=1)
    at_bound = ops.sum(
        ops.cast(free > hierarchy * beta, "int32"), axis=1, keepdims=True
    )
    beta = ops.take_along_axis(beta, at_bound, axis=1)

    lost = ops.equal(norm, 0)
    equal_parts = ops.ones_like(v) / v.shape[1] ** 0.5
    direction = ops.where(lost, equal_parts, v / ops.where(lost, 1.0, norm))
    bounded = ops.minimum(ops.maximum(ops.abs(u) - l1, 0), hierarchy * beta)
    return (
        ops.cast(beta * direction, theta.dtype),
        ops.cast(ops.sign(u) * bounded, weights.dtype),
    )
