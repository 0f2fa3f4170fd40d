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
    *exactly* zero. Zero what is small at the end, or give the penalty to
    `tfcompress.constraints.ProximalStep`, as a constraint and not as a regularizer.

    Groups of a weight with one axis are its single numbers, and the penalty is L1. As
    `gamma_regularizer` of a batch normalization it is network slimming, as
    `bias_regularizer` the third kind of group of Scardapane et al.

    Args:
        strength: Float, `strength >= 0`, the factor λ.
        groups: `"incoming"`, the weights into each unit or filter; `"outgoing"`, the
            weights out of each input; or `"both"`, the sum of the two. Kernels are
            taken as `(..., inputs, units)`; those of transposed convolutions are
            `(..., units, inputs)`, and there the two words change places.
        scale_by_size: Whether a group counts times the root of its size, so that
            layers of different widths are pressed alike.
        gates: Integer, the gates of a recurrent layer: 4 for an LSTM, 3 for a GRU, so
            that the weights into a unit are one group over all its gates.

    Raises:
        ValueError: If an argument is not as above; at the first use, if the weight has
            no such axis, or `gates` does not divide its last.

    Example:

    >>> kernel = [[3.0, 0.0], [4.0, 2.0]]  # columns of norm 5 and 2
    >>> float(tfc.regularizers.GroupLasso(0.5)(kernel))
    3.5

    References:
        - [Yuan & Lin, 2006](https://doi.org/10.1111/j.1467-9868.2005.00532.x)
        - [Scardapane et al., 2016](https://arxiv.org/abs/1607.00485), with
          `groups="outgoing", scale_by_size=True`
        - [Wen et al., 2016](https://arxiv.org/abs/1608.03665), on channels
        - [Liu et al., 2017](https://arxiv.org/abs/1708.06519), network slimming
    """

    def __init__(
        self, strength=1e-4, groups="incoming", scale_by_size=False, *, gates=1
    ):
        self.strength = _checks.number("strength", strength, low=0)
        self.groups = _checks.choice("groups", groups, group_lasso.AXES)
        self.scale_by_size = _checks.boolean("scale_by_size", scale_by_size)
        self.gates = _checks.integer("gates", gates)

    def __call__(self, x):
        options = {"gates": self.gates, "scale_by_size": self.scale_by_size}
        norms = (group_lasso.penalty(x, axis, **options) for axis in self._axes)
        return self.strength * sum(norms)

    def proximal_step(self, w, rate):
        """Returns `w` after the step of this penalty at learning rate `rate`."""
        for axis in self._axes:
            step = rate * self.strength
            if self.scale_by_size:
                step = step * group_lasso.group_scale(w, axis, gates=self.gates)
            w = group_lasso.shrink_groups(w, step, axis, gates=self.gates)
        return w

    def get_config(self):
        return {
            "strength": float(self.strength),
            "groups": self.groups,
            "scale_by_size": self.scale_by_size,
            "gates": self.gates,
        }

    @property
    def _axes(self):
        return group_lasso.AXES[self.groups]
