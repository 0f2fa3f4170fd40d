"""The loss by which a student learns what a layer of its teacher gives."""

import keras
from keras import ops

from tfcompress import _checks


@keras.saving.register_keras_serializable(package="tfcompress")
class FeatureMatching(keras.losses.Loss):
    r"""Squared distance of the student's features from the teacher's.

    With teacher features u and student features h of n numbers for each example,

    $$ \mathcal{L} = \frac{1}{2n} \sum_i (h_i - u_i)^2, \quad
       \partial \mathcal{L} / \partial h = (h - u) / n $$

    Both sides must have one shape. `tfcompress.callbacks.Distill` puts a trainable
    linear map after a student's layer that is narrower or wider than the teacher's;
    elsewhere compare widths by `AttentionTransfer` or `RelationalDistance`.

    Called as `loss(teacher_features, student_features, sample_weight)`.

    Args:
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.

    Input shape:
        Twice `(batch, ..., width)`.

    Raises:
        ValueError: When called, if the shapes differ.

    Example:

    >>> loss = tfc.losses.FeatureMatching()
    >>> float(loss(np.array([[1.0, 2.0]]), np.array([[3.0, 2.0]])))  # (4 + 0) / 4
    1.0

    References:
        - [Romero et al., 2014](https://arxiv.org/abs/1412.6550)
    """

    takes_any_width = False

    def __init__(
        self, reduction="sum_over_batch_size", name="feature_matching", dtype=None
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        y_true, y_pred = map(ops.convert_to_tensor, (y_true, y_pred))  # of lists too
        if not _agree(y_true.shape, y_pred.shape):
            rule = f"have the shape of the teacher's, {tuple(y_true.shape)}"
            remedy = "Take a loss that compares any widths, or a layer of that shape."
            raise _checks.error(
                "student_features", rule, tuple(y_pred.shape), remedy=remedy
            )
        return ops.mean((y_pred - y_true) ** 2, axis=_without_batch(y_true)) / 2


def _without_batch(features):
    return tuple(range(1, len(features.shape)))


def _agree(shape, other):
    return len(shape) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(shape, other, strict=True)
    )
