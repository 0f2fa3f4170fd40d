"""The loss by which a student learns the logits of its teacher."""

import keras
from keras import ops

from tfcompress.losses.logits_loss import LogitsLoss


@keras.saving.register_keras_serializable(package="tfcompress")
class LogitMimic(LogitsLoss):
    r"""Squared distance of the student's logits from the teacher's.

    With teacher logits v and student logits z over C classes, both centered at 0, for
    what is added to all logits alike changes no prediction,

    $$ \mathcal{L} = \frac{1}{2C} \sum_i (z_i - v_i)^2, \quad
       \partial \mathcal{L} / \partial z = (z - v) / C $$

    That is `KnowledgeDistillation` at infinite temperature, its factor T² included. The
    student learns all that the teacher knows of unlikely classes, noise included; a
    lower temperature suits a student that is too small for that.

    Called as `loss(teacher_outputs, student_outputs, sample_weight)`.

    Args:
        from_logits: Whether the student's outputs are logits rather than softmax
            probabilities, whose logarithms are then compared.
        teacher_from_logits: Whether the teacher's are; as the student's, if None.
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.

    Input shape:
        Twice `(batch, ..., classes)`, two classes or more.

    Example:

    >>> loss = tfc.losses.LogitMimic()
    >>> v, z = np.array([[3.0, 0.0, 0.0]]), np.array([[5.0, 5.0, 5.0]])
    >>> float(loss(v, z))  # (4 + 1 + 1) / 6: z says nothing, as zeros would
    1.0

    References:
        - [Ba and Caruana, 2013](https://arxiv.org/abs/1312.6184)
        - [Urban et al., 2016](https://arxiv.org/abs/1603.05691)
    """

    def __init__(
        self,
        from_logits=True,
        teacher_from_logits=None,
        reduction="sum_over_batch_size",
        name="logit_mimic",
        dtype=None,
    ):
        super().__init__(
            from_logits,
            teacher_from_logits,
            reduction=reduction,
            name=name,
            dtype=dtype,
        )

    def divergence(self, teacher, student):
        difference = student - teacher
        difference -= ops.mean(difference, axis=-1, keepdims=True)
        return ops.mean(difference**2, axis=-1) / 2
