"""Group lasso: the norms of a weight's groups and the step that zeroes them."""

import math

import keras
from keras import ops

from tfcompress import _checks

# Kernels are (..., inputs, units). One after the other, where groups overlap.
AXES = {"incoming": (-1,), "outgoing": (-2,), "both": (-1, -2)}


def group_norms(weight, axis=-1, *, gates=1):
    r"""Returns the L2 norm of every group of `weight`.

    A group is what one index of `axis` selects: in a kernel `(..., inputs, units)`,
    axis -1 gives the incoming weights of each unit and axis -2 the outgoing weights
    of each input.

    $$ n_g = \lVert W_g \rVert_2, \qquad
       \partial n_g / \partial W_g = W_g / n_g, \quad 0 \text{ where } n_g = 0 $$

    Args:
        weight: Tensor of rank 1 or more.
        axis: Integer, the axis whose indices are the groups.
        gates: Integer, how many blocks of all units stand on the last axis: 4 in an
            LSTM, 3 in a GRU. With axis -1 a group is then one unit with all its gates.

    Returns:
        Tensor of shape `(weight.shape[axis],)`, or a `gates`-th of it, in float32 if
        the weight is in half precision, whose range does not hold the squares of small
        weights.

    Raises:
        ValueError: If `weight` has no such axis, or `gates` does not divide it.

    Example:

    >>> print(group_norms([[3.0, 0.0], [4.0, 2.0]]).numpy())
    [5. 2.]
    """
    return ops.reshape(_norms(_by_group(weight, axis, gates), axis), (-1,))


def penalty(weight, axis=-1, *, gates=1, scale_by_size=False):
    r"""Returns the sum of the group norms, $\sum_g \lVert W_g \rVert_2$.

    Args:
        weight: As in `group_norms`.
        axis: As in `group_norms`.
        gates: As in `group_norms`.
        scale_by_size: Whether the sum is multiplied by the root of a group's size.

    Raises:
        ValueError: As in `group_norms`.

    Example:

    >>> float(penalty([[3.0, 0.0], [4.0, 2.0]]))
    7.0
    """
    norms = ops.sum(group_norms(weight, axis, gates=gates))
    return norms * group_scale(weight, axis, gates=gates) if scale_by_size else norms


def soft_threshold(weight, step):
    r"""Returns `weight` with every absolute value reduced by `step`, at least to 0.

    $$ w \leftarrow sign(w) \max(0, |w| - t) $$

    the proximal operator of `t` times the sum of absolute values.

    Args:
        weight: Tensor.
        step: Number or scalar tensor `t >= 0`, in the units of the weights.

    Example:

    >>> print(soft_threshold([3.0, -0.5, -2.0], 1.0).numpy())
    [ 2.  0. -1.]
    """
    weight = ops.convert_to_tensor(weight)
    step = ops.cast(step, weight.dtype)
    # One of the two is 0, and a sum gives no -0.0, as a product with the sign would.
    return ops.maximum(weight - step, 0) + ops.minimum(weight + step, 0)


def shrink_groups(weight, step, axis=-1, *, gates=1):
    r"""Returns `weight` with the norm of every group reduced by `step`, at least to 0.

    $$ W_g \leftarrow \max(0, 1 - t / \lVert W_g \rVert_2) \, W_g $$

    the proximal operator of `t` times the sum of group norms: the minimizer of
    $\frac12 \lVert X - W \rVert_2^2 + t \sum_g \lVert X_g \rVert_2$. Groups of norm `t`
    or less become exactly 0.

    Args:
        weight: As in `group_norms`.
        step: Number or scalar tensor `t >= 0`, in the units of the weights.
        axis: As in `group_norms`.
        gates: As in `group_norms`.

    Raises:
        ValueError: As in `group_norms`.

    Example:

    >>> print(shrink_groups([[3.0, 0.0], [4.0, 2.0]], 2.5).numpy())
    [[1.5 0. ]
     [2.  0. ]]
    """
    weight = ops.convert_to_tensor(weight)
    grouped = _by_group(weight, axis, gates)
    norms = _norms(grouped, axis)
    dead = ops.less_equal(norms, step)  # False for NaN: a diverged weight stays visible
    factor = 1.0 - step / ops.where(dead, 1.0, norms)
    shrunk = ops.where(
        dead, ops.zeros_like(grouped), grouped * ops.cast(factor, weight.dtype)
    )
    return ops.reshape(shrunk, weight.shape)


def group_scale(weight, axis=-1, *, gates=1) -> float:
    """Returns the root of the number of weights in a group."""
    grouped = _by_group(weight, axis, gates)
    return math.sqrt(math.prod(grouped.shape[i] for i in _others(grouped, axis)))


def _by_group(weight, axis, gates):
    """Returns `weight` with an axis of its own for the gates, if they are in a group."""
    weight = ops.convert_to_tensor(weight)
    shape = tuple(weight.shape)
    _others(weight, axis)
    if gates == 1 or axis != -1:
        return weight
    if shape[-1] % gates:
        rule = f"divide the last axis of the weight, of shape {shape}"
        raise _checks.error("gates", rule, gates)
    return ops.reshape(weight, (*shape[:-1], gates, shape[-1] // gates))


def _norms(weight, axis):
    """Returns the norms with all axes of `weight`, those inside a group of size 1."""
    weight = ops.cast(weight, keras.backend.result_type(weight.dtype, "float32"))
    squares = ops.sum(ops.square(weight), _others(weight, axis), keepdims=True)
    # The root's slope at 0 is infinite, and 0 times infinity is NaN: look away there.
    zero = ops.equal(squares, 0)
    return ops.where(zero, 0.0, ops.sqrt(ops.where(zero, 1.0, squares)))


def _others(weight, axis):
    rank = len(weight.shape)
    if not -rank <= axis < rank:
        raise _checks.error(
            "axis", f"be an axis of the weight, of shape {tuple(weight.shape)}", axis
        )
    return tuple(i for i in range(rank) if i != axis % rank)
