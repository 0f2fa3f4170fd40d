"""Signs with a gradient: the straight-through estimator and its random form."""

import keras
from keras import ops


def sign(x):
    """Returns +1 where `x >= 0`, else -1; the gradient passes as through `x`.

    Forward $b = +1 \\text{ if } x \\ge 0 \\text{ else } -1$, backward
    $\\partial L / \\partial x = \\partial L / \\partial b$.
    """

    @ops.custom_gradient
    def straight_through(x):
        def gradient(*args, upstream=None):
            return args[0] if upstream is None else upstream

        one = ops.cast(1, x.dtype)
        return ops.where(x >= 0, one, -one), gradient

    if isinstance(x, keras.Variable):
        # The reshape reads it here: a custom gradient must not read one inside.
        x = ops.reshape(x, x.shape)
    return straight_through(x)


def random_sign(x, seed: keras.random.SeedGenerator):
    """Returns +1 with probability clip((x + 1) / 2, 0, 1), else -1.

    Its mean is `x` for `x` in [-1, 1]; the gradient passes as through `x`.
    """
    uniform = keras.random.uniform(ops.shape(x), -1, 1, dtype=x.dtype, seed=seed)
    return sign(x - uniform)
