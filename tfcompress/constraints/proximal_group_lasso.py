"""The group lasso as a step after each update, which zeroes groups exactly."""

import keras

from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.regularizers.group_lasso import GroupLasso


@keras.saving.register_keras_serializable(package="tfcompress")
class ProximalGroupLasso(ProximalStep):
    r"""Shortens the norm of every group of weights after each optimizer step.

    $$ W_g \leftarrow \max\left(0, 1 - \frac{\eta \lambda c_g}{\lVert W_g \rVert_2}
       \right) W_g $$

    the `ProximalStep` of `tfcompress.regularizers.GroupLasso`, in place of which it is
    used: groups become exactly zero, all their weights together. What is exact is said
    there. Nothing gets smaller or faster until the zeros are taken out.

    Args:
        strength: Float, `strength >= 0`, the factor λ.
        groups: `"incoming"`, `"outgoing"` or `"both"`, as in `GroupLasso`.
        learning_rate: Float `>= 0` or optimizer, as in `ProximalStep`.
        scale_by_size: Whether $c_g$ is the root of the group's size, and not 1.
        gates: Integer, the gates of a recurrent layer, as in `GroupLasso`.

    Raises:
        ValueError: If an argument is not as above.

    Example:

    >>> constraint = tfc.constraints.ProximalGroupLasso(2.5, learning_rate=1.0)
    >>> print(constraint([[3.0, 0.3], [4.0, 0.4]]).numpy())  # columns of norm 5, 0.5
    [[1.5 0. ]
     [2.  0. ]]

    References:
        - [Parikh & Boyd, 2014, section 6.5.4](https://doi.org/10.1561/2400000003)
    """

    def __init__(
        self,
        strength,
        groups="incoming",
        *,
        learning_rate=1e-3,
        scale_by_size=False,
        gates=1,
    ):
        penalty = GroupLasso(strength, groups, scale_by_size, gates=gates)
        super().__init__(penalty, learning_rate=learning_rate)

    def get_config(self):
        rate = super().get_config()["learning_rate"]
        return {**self.penalty.get_config(), "learning_rate": rate}
