"""A penalty on the norms of a weight's groups, so that whole groups fade out."""

import keras

from tfcompress import _checks
from tfcompress.ops import group_lasso


@keras.saving.register_keras_serializable(package="tfcompress")
class GroupLasso(keras.regularizers.Regularizer):
    r"""Penalizes the L2 norm of every group of weights.

    $$ R(W) = \lambda \sum_g c_g \lVert W_g \rVert_2, \qquad
       \frac{\partial R}{\partial W_g} = \lambda c_g \frac{W_g}{\lVert W_g \rVert_2},
       \quad 0 \text{ at } W_g = 0 $$

    with $c_g = 1$, or $\sqrt{|g|}$ with `scale_by_size`. Groups that the loss does not
    need come close to zero, all their weights together; gradient steps never make them
    *exactly* zero. Zero what is small at the end, or use
    `tfcompress.constraints.ProximalGroupLasso` in place of the penalty.

    Args:
        strength: Float, `strength >= 0`, the factor λ.
        groups: `"incoming"`, the weights into each unit or filter; `"outgoing"`, the
            weights out of each input; or `"both"`, the sum of the two. Kernels are
            taken as `(..., inputs, units)`; those of transposed convolutions are
            `(..., units, inputs)`, and there the two words change places.
        scale_by_size: Whether a group counts times the root of its size, so that
            layers of different widths are pressed alike.

    Raises:
        ValueError: If an argument is not as above; at the first use, if the weight has
            no such axis.

    Example:

    >>> kernel = [[3.0, 0.0], [4.0, 2.0]]  # columns of norm 5 and 2
    >>> float(tfc.regularizers.GroupLasso(0.5)(kernel))
    3.5

    References:
        - [Yuan & Lin, 2006](https://doi.org/10.1111/j.1467-9868.2005.00532.x)
        - [Scardapane et al., 2016](https://arxiv.org/abs/1607.00485), with
          `groups="outgoing", scale_by_size=True`
    """

    def __init__(self, strength=1e-4, groups="incoming", scale_by_size=False):
        self.strength = _checks.number("strength", strength, low=0)
        self.groups = _checks.choice("groups", groups, group_lasso.AXES)
        self.scale_by_size = _checks.boolean("scale_by_size", scale_by_size)

    def __call__(self, x):
        return self.strength * sum(
            group_lasso.penalty(x, axis, scale_by_size=self.scale_by_size)
            for axis in group_lasso.AXES[self.groups]
        )

    def get_config(self):
        return {
            "strength": self.strength,
            "groups": self.groups,
            "scale_by_size": self.scale_by_size,
        }
