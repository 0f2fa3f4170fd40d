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

    It is not convex, yet solved exactly: if the hidden weights of a set $S$ stand at the
    bound, then

    $$ \lVert \beta \rVert = \max\Bigl(0, \frac{\lVert v \rVert - t
       + M \sum_{i \in S} (|u_i| - \bar t)}{1 + |S| M^2}\Bigr) $$

    From all weights, the set is left by those that this bound does not touch, until none
    leaves: a few rounds, where the paper sorts. A feature with $v = 0$ may come back, in
    the direction of equal parts.

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
    size = ops.maximum(ops.abs(u) - l1, 0)

    def longer(beta):
        touched = ops.cast(size > hierarchy * beta, dtype)
        count = ops.sum(touched, axis=1, keepdims=True)
        gained = ops.sum(touched * size, axis=1, keepdims=True)
        rises = norm - step + hierarchy * gained
        return ops.maximum(rises, 0) / (1 + hierarchy**2 * count)

    beta, _ = ops.while_loop(
        lambda beta, last: ops.any(beta > last),
        lambda beta, last: (longer(beta), beta),
        (ops.zeros_like(norm), -ops.ones_like(norm)),
        maximum_iterations=u.shape[1] + 1,
    )

    lost = ops.equal(norm, 0)
    equal_parts = ops.ones_like(v) / v.shape[1] ** 0.5
    direction = ops.where(lost, equal_parts, v / ops.where(lost, 1.0, norm))
    bounded = ops.minimum(size, hierarchy * beta)
    return (
        ops.cast(beta * direction, theta.dtype),
        ops.cast(ops.sign(u) * bounded, weights.dtype),
    )
