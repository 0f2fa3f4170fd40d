"""The DropNeuron penalty: unneeded units lose what comes in and what goes out."""

import keras

from tfcompress import _checks
from tfcompress.ops import group_lasso


@keras.saving.register_keras_serializable(package="tfcompress")
class DropNeuron(keras.regularizers.Regularizer):
    r"""Penalizes the incoming weights of each unit and the outgoing ones of each input.

    $$ R(W) = \lambda_i \sum_j \lVert W_{:j} \rVert_2
            + \lambda_o \sum_i \lVert W_{i:} \rVert_2 $$

    The columns of a kernel `(..., inputs, units)` are what its own units receive, the
    rows what the units before it send: on consecutive layers both terms press on the
    same units. There is no factor for the group's size. As with any penalty, gradient
    steps bring a dropped unit close to zero, not to zero exactly: zero what is small
    at the end (the paper: `|w| < 0.01`), or use `tfcompress.layers.DropNeuronDense`, or
    `tfcompress.constraints.ProximalStep`.

    Args:
        incoming: Float, `incoming >= 0`, the factor $\lambda_i$. The default is that
            of the paper's code for LeNet-300-100, `5e-4 * 0.1`.
        outgoing: Float, `outgoing >= 0`, the factor $\lambda_o$, likewise.

    Raises:
        ValueError: If a factor is negative; at the first use, if the weight has less
            than two axes.

    Example:

    >>> kernel = [[3.0, 0.0], [4.0, 0.0]]  # columns of norm 5 and 0, rows of 3 and 4
    >>> float(tfc.regularizers.DropNeuron(incoming=1.0, outgoing=0.5)(kernel))
    8.5

    References:
        - [Pan et al., 2016](https://arxiv.org/abs/1606.07326)
    """

    def __init__(self, incoming=5e-5, outgoing=5e-5):
        self.incoming = _checks.number("incoming", incoming, low=0)
        self.outgoing = _checks.number("outgoing", outgoing, low=0)

    def __call__(self, x):
        incoming = group_lasso.penalty(x, axis=-1)
        outgoing = group_lasso.penalty(x, axis=-2)
        return self.incoming * incoming + self.outgoing * outgoing

    def proximal_step(self, w, rate):
        """Returns `w` after the step of this penalty at learning rate `rate`."""
        w = group_lasso.shrink_groups(w, rate * self.incoming, axis=-1)
        return group_lasso.shrink_groups(w, rate * self.outgoing, axis=-2)

    def get_config(self):
        return {"incoming": float(self.incoming), "outgoing": float(self.outgoing)}
