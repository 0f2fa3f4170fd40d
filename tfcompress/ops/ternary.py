"""The numbers -a, 0 and +a nearest to given ones, with a straight-through gradient."""

import keras
from keras import ops


def ternary(x, axes, threshold):
    r"""Returns $\alpha \operatorname{sign}(x)$ where $|x|$ is large, and else 0.

    Large is what is above $t \operatorname{mean} |x|$, with $t$ the `threshold`.

    The mean, and $\alpha$, the mean of the sizes above the threshold, are taken along
    `axes`. The gradient passes as through `x`.

    Example:

    >>> from keras import ops
    >>> print(ternary(ops.array([3.0, -1.0, 0.0]), (0,), 0.7).numpy())
    [ 2. -2.  0.]
    """

    @ops.custom_gradient
    def straight_through(x):
        def gradient(*args, upstream=None):
            return args[0] if upstream is None else upstream

        size = ops.abs(x)
        limit = threshold * ops.mean(size, axis=axes, keepdims=True)
        large = ops.cast(size > limit, x.dtype)
        count = ops.maximum(ops.sum(large, axis=axes, keepdims=True), 1.0)
        scale = ops.sum(large * size, axis=axes, keepdims=True) / count
        return scale * large * ops.sign(x), gradient

    if isinstance(x, keras.Variable):
        # The reshape reads it here: a custom gradient must not read one inside.
        x = ops.reshape(x, x.shape)
    return straight_through(x)
