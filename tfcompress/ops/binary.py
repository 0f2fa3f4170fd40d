"""Signs with a gradient: straight-through estimators and their random form."""

import keras
from keras import ops

from tfcompress import _checks

STEEPNESS = 5.0  # of the swish sign, as its paper recommends

# What the upstream gradient is multiplied with, given x.
_FACTORS = {
    "identity": None,
    "clipped": lambda x: ops.cast(ops.abs(x) <= 1, x.dtype),
    "approximate": lambda x: ops.maximum(2 - 2 * ops.abs(x), 0),
    "swish": lambda x: _swish(x, STEEPNESS),
}
ESTIMATORS = tuple(_FACTORS)


def sign(x, estimator="identity"):
    r"""Returns +1 where `x >= 0`, else -1, with the gradient of an estimator.

    Forward $b = +1 \text{ if } x \ge 0 \text{ else } -1$. The true gradient is zero
    nearly everywhere; in its place stands
    $\partial L / \partial x = f(x)\, \partial L / \partial b$:

    | estimator | $f(x)$ | from |
    | --- | --- | --- |
    | `"identity"` | 1 | BinaryConnect |
    | `"clipped"` | 1 for $\lvert x\rvert \le 1$, else 0 | BNN |
    | `"approximate"` | $\max(2 - 2 \lvert x\rvert, 0)$ | Bi-Real Net |
    | `"swish"` | $5 (2 - 5 x \tanh(2.5 x)) / (1 + \cosh 5 x)$ | BNN+ |

    Example:

    >>> from keras import ops
    >>> print(sign(ops.array([-0.5, 0.0, 2.0])).numpy())
    [-1.  1.  1.]

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
        - [Courbariaux et al., 2016](https://arxiv.org/abs/1602.02830)
        - [Liu et al., 2018](https://arxiv.org/abs/1808.00278), approximate
        - [Darabi et al., 2018](https://arxiv.org/abs/1812.11800), swish
    """
    factor = _FACTORS[_checks.choice("estimator", estimator, ESTIMATORS)]

    @ops.custom_gradient
    def straight_through(x):
        def gradient(*args, upstream=None):
            upstream = args[0] if upstream is None else upstream
            return upstream if factor is None else upstream * factor(x)

        one = ops.cast(1, x.dtype)
        return ops.where(x >= 0, one, -one), gradient

    if isinstance(x, keras.Variable):
        # The reshape reads it here: a custom gradient must not read one inside.
        x = ops.reshape(x, x.shape)
    return straight_through(x)


def random_sign(x, seed: keras.random.SeedGenerator, estimator="identity"):
    """Returns +1 with probability clip((x + 1) / 2, 0, 1), else -1.

    Its mean is `x` for `x` in [-1, 1]; the gradient is that of `sign` at `x`
    for "identity", and near it for the others, at `x` moved by the noise.
    """
    uniform = keras.random.uniform(ops.shape(x), -1, 1, dtype=x.dtype, seed=seed)
    return sign(x - uniform, estimator)


def _swish(x, steepness):
    # Beyond 10 it is nearly zero, and cosh would overflow in half precision.
    z = ops.clip(steepness * x, -10.0, 10.0)
    inside = ops.cast(ops.abs(steepness * x) < 10.0, x.dtype)
    return inside * steepness * (2 - z * ops.tanh(z / 2)) / (1 + ops.cosh(z))
