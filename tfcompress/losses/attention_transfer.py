"""The loss by which a student learns where its teacher looks."""

import keras
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class AttentionTransfer(keras.losses.Loss):
    r"""Distance of the student's map of attention from the teacher's.

    The attention at a position is the energy of its channels; only its distribution
    over the positions counts. With features $u_{pc}$ and $h_{pc}$ at position p,

    $$ a_p = \sum_c u_{pc}^2, \quad b_p = \sum_c h_{pc}^2, \quad \mathcal{L} =
       \left\Vert \frac{b}{\Vert b \Vert} - \frac{a}{\Vert a \Vert} \right\Vert^2
       = 2 - 2 \cos(a, b) $$

    so it lies in [0, 2], and the widths of both sides may differ. For convolutions and
    sequences, channels last; a layer without positions has no such map. A map that is
    zero everywhere counts as one of no direction: the cosine is 0.

    Called as `loss(teacher_features, student_features, sample_weight)`.

    Args:
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.

    Input shape:
        Twice `(batch, ..., width)` with one position axis or more, and as many
        positions on both sides.

    Raises:
        ValueError: When called, if there are no positions, or others on each side.

    Example:

    >>> loss = tfc.losses.AttentionTransfer()
    >>> left, right = np.array([[[3.0], [0.0]]]), np.array([[[0.0, 0.0], [1.0, 2.0]]])
    >>> float(loss(left, -left)), float(loss(left, right))
    (0.0, 2.0)

    References:
        - [Zagoruyko and Komodakis, 2016](https://arxiv.org/abs/1612.03928)
    """

    takes_any_width = True

    def __init__(
        self, reduction="sum_over_batch_size", name="attention_transfer", dtype=None
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        y_true, y_pred = map(ops.convert_to_tensor, (y_true, y_pred))  # of lists too
        shapes = [tuple(side.shape[1:-1]) for side in (y_true, y_pred)]
        if not all(shapes):
            rule = "have positions between batch and width, as those of convolutions"
            raise _checks.error("features", rule, tuple(y_pred.shape))
        teacher, student = _attention(y_true), _attention(y_pred)
        if None not in (*shapes[0], *shapes[1]) and shapes[0] != shapes[1]:
            rule = f"have the positions of the teacher's, {shapes[0]}"
            raise _checks.error("student_features", rule, shapes[1])
        return ops.sum((student - teacher) ** 2, axis=-1)


def _attention(features):
    energy = ops.sum(features**2, axis=-1)
    energy = ops.reshape(energy, (ops.shape(energy)[0], -1))
    # Not `ops.normalize`, whose gradient at a map of zeros is not a number.
    scale = ops.rsqrt(ops.sum(energy**2, axis=-1, keepdims=True) + 1e-24)
    return energy * scale
