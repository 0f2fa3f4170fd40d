"""Rounding to a grid of few bits, with the gradients that training needs."""

import keras
from keras import ops

TINY = 1e-30  # below it a number is no divisor


def greatest(bits: int) -> int:
    """Returns the greatest whole number of a symmetric grid: 127 for 8 bits, 1 for 2."""
    return 2 ** (bits - 1) - 1


def round_straight_through(x):
    """Returns `x` rounded, half to even; the gradient passes as through `x`."""

    @ops.custom_gradient
    def rounded(x):
        def gradient(*args, upstream=None):
            return args[0] if upstream is None else upstream

        return ops.round(x), gradient

    return rounded(ops.convert_to_tensor(x))


def symmetric(x, step, bits: int):
    r"""Returns the multiples of `step` nearest to `x`, at most $q = 2^{bits-1} - 1$ times.

    $$ \hat x = s \cdot \operatorname{clip}(\operatorname{round}(x / s), -q, q) $$

    Backward (learned step size quantization): $\partial \hat x / \partial x$ is 1 inside
    of $[-qs, qs]$ and 0 outside; $\partial \hat x / \partial s$ is
    $\operatorname{round}(x / s) - x / s$ inside and $\pm q$ outside. A step of 0 gives 0.

    Example:

    >>> from keras import ops
    >>> print(symmetric(ops.array([0.26, -0.74, 9.0]), 0.5, bits=3).numpy())
    [ 0.5 -0.5  1.5]

    References:
        - [Esser et al., 2019](https://arxiv.org/abs/1902.08153)
    """
    q = greatest(bits)
    safe = ops.where(step > 0, step, ops.ones_like(step))
    return round_straight_through(ops.clip(x / safe, -q, q)) * step


def symmetric_by_size(x, axes, bits: int):
    """Returns `x` on the symmetric grid whose greatest number is the greatest of `x`.

    The step is the largest size along `axes` over $q$ (`short` of it for few bits), a
    constant for the gradient, which passes as through `x`: nothing lies outside.
    """
    q = greatest(bits)

    @ops.custom_gradient
    def rounded(x):
        def gradient(*args, upstream=None):
            return args[0] if upstream is None else upstream

        largest = ops.max(ops.abs(x), axis=axes, keepdims=True)
        step = short(largest / q, bits)
        inverse = ops.where(step > 0, 1 / ops.maximum(step, TINY), 0.0)
        return ops.round(x * inverse) * step, gradient

    if isinstance(x, keras.Variable):
        # The reshape reads it here: a custom gradient must not read one inside.
        x = ops.reshape(x, x.shape)
    return rounded(x)


def short(step, bits: int):
    """Returns `step`, in the eight significant bits that LiteRT has for 3 and 4 bits.

    There it scales blocks of numbers in bfloat16; training then sees what it computes.
    The gradient passes as through `step`.
    """
    if bits not in (3, 4):
        return step
    rounded = ops.cast(ops.cast(step, "bfloat16"), step.dtype)
    return step + ops.stop_gradient(rounded - step)


def asymmetric(x, low, high, bits: int):
    r"""Returns `x` on the grid of $2^{bits}$ numbers from `low` to `high`, which holds 0.

    $$ \hat x = s\,(\operatorname{clip}(\operatorname{round}(x / s) + z, 0, 2^{bits} - 1)
       - z), \quad s = \frac{high - low}{2^{bits} - 1}, \quad
       z = \operatorname{round}(-low / s) $$

    Backward as `symmetric`, with $z$ a constant. Where `low` and `high` are equal, `x`
    is returned as it is.

    Example:

    >>> from keras import ops
    >>> print(asymmetric(ops.array([-1.0, 0.4, 9.0]), 0.0, 3.0, bits=2).numpy())
    [0. 0. 3.]
    """
    x = ops.convert_to_tensor(x)
    low, high = ops.cast(low, x.dtype), ops.cast(high, x.dtype)
    levels = 2**bits - 1
    wide = high > low
    step = ops.where(wide, (high - low) / levels, ops.ones_like(high))
    zero = ops.stop_gradient(ops.round(-low / step))
    whole = round_straight_through(ops.clip(x / step, -zero, levels - zero))
    return ops.where(wide, whole * step, x)
