"""A penalty that thins out both the groups of a weight and the weights in them."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.ops import group_lasso
from tfcompress.regularizers.group_lasso import GroupLasso


@keras.saving.register_keras_serializable(package="tfcompress")
class SparseGroupLasso(GroupLasso):
    r"""Penalizes the L2 norm of every group and the absolute value of every weight.

    $$ R(W) = \lambda \sum_g c_g \lVert W_g \rVert_2 + \lambda_1 \sum_i |w_i| $$

    The first term removes units, the second single weights of the units that stay. As
    with `GroupLasso`, what is removed comes close to zero, not to zero exactly, except by
    the proximal step: first every weight by itself, then the groups. Single zeros make
    a smaller archive, not a faster layer.

    Args:
        strength: Float, `strength >= 0`, the factor λ of the group norms.
        l1: Float, `l1 >= 0`, the factor λ₁ of the absolute values.
        groups: As in `GroupLasso`.
        scale_by_size: As in `GroupLasso`.
        gates: As in `GroupLasso`.

    Raises:
        ValueError: If an argument is not as above.

    Example:

    >>> kernel = [[3.0, 0.0], [4.0, -2.0]]  # columns of norm 5 and 2, sum of |w| 9
    >>> float(tfc.regularizers.SparseGroupLasso(0.5, l1=0.25)(kernel))
    5.75

    References:
        - [Simon et al., 2013](https://doi.org/10.1080/10618600.2012.681250)
        - [Scardapane et al., 2016](https://arxiv.org/abs/1607.00485), with
          `l1=strength, groups="outgoing", scale_by_size=True`
    """

    def __init__(
        self, strength=1e-4, l1=1e-4, groups="incoming", scale_by_size=False, *, gates=1
    ):
        super().__init__(strength, groups, scale_by_size, gates=gates)
        self.l1 = _checks.number("l1", l1, low=0)

    def __call__(self, x):
        absolute = ops.sum(ops.abs(ops.convert_to_tensor(x)))
        return super().__call__(x) + self.l1 * absolute

    def proximal_step(self, w, rate):
        return super().proximal_step(
            group_lasso.soft_threshold(w, rate * self.l1), rate
        )

    def get_config(self):
        return {**super().get_config(), "l1": float(self.l1)}
