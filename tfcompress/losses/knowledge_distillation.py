"""The loss by which a student learns the softened outputs of its teacher."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.losses.logits_loss import LogitsLoss


@keras.saving.register_keras_serializable(package="tfcompress")
class KnowledgeDistillation(LogitsLoss):
    r"""Divergence of the student's softened class probabilities from the teacher's.

    With teacher logits v, student logits z, and temperature T,

    $$ p = \mathrm{softmax}(v / T), \quad q = \mathrm{softmax}(z / T), \quad
       \mathcal{L} = T^2 \, \mathrm{KL}(p \,\Vert\, q)
                   = T^2 \sum_i p_i (\log p_i - \log q_i) $$

    $$ \partial \mathcal{L} / \partial z = T (q - p) $$

    That is Hinton's cross-entropy of softened outputs, with the same gradient, less the
    teacher's entropy: it is 0 where the student agrees. The factor T² keeps the size of
    the gradient as T grows, and in the limit it is `(z - v) / classes` (logits centered
    at 0): the student matches logits. A high T brings out how the teacher ranks the
    wrong classes.

    Called as `loss(teacher_outputs, student_outputs, sample_weight)`. Softmax outputs
    do: log-probabilities are logits. The teacher's side takes part in the gradient as
    any tensor; stop it there, as `tfcompress.callbacks.Distill` does.

    Args:
        temperature: Float, `temperature > 0`. Hinton: 2.5 to 4 for small students, up
            to 20 for large ones.
        from_logits: Whether the student's outputs are logits rather than softmax
            probabilities.
        teacher_from_logits: Whether the teacher's are; as the student's, if None. True
            for what `tfcompress.datasets.with_teacher` carries. Logits that are taken
            for probabilities make the loss NaN.
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.

    Input shape:
        Twice `(batch, ..., classes)`.

    Raises:
        ValueError: If `temperature` is not positive and finite.

    Example:

    >>> loss = tfc.losses.KnowledgeDistillation(temperature=2.0)
    >>> teacher, student = [[0.8, 0.2]], [[0.5, 0.5]]  # softened: 2/3, 1/3 and 1/2, 1/2
    >>> round(float(loss(np.array(teacher), np.array(student))), 4)  # 4 (ln 2 - 0.6365)
    0.2265

    References:
        - [Hinton et al., 2015](https://arxiv.org/abs/1503.02531)
    """

    def __init__(
        self,
        temperature=4.0,
        from_logits=False,
        teacher_from_logits=None,
        reduction="sum_over_batch_size",
        name="knowledge_distillation",
        dtype=None,
    ):
        super().__init__(
            from_logits,
            teacher_from_logits,
            reduction=reduction,
            name=name,
            dtype=dtype,
        )
        number = _checks.number("temperature", temperature, low=0, open_low=True)
        self.temperature = number

    def divergence(self, teacher, student):
        log_p = ops.log_softmax(teacher / self.temperature, axis=-1)
        log_q = ops.log_softmax(student / self.temperature, axis=-1)
        divergence = ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)
        return self.temperature**2 * divergence

    def get_config(self):
        return {**super().get_config(), "temperature": self.temperature}
