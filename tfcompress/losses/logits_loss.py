"""What the losses share that compare the logits of two classifiers."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.distillation.outputs import as_logits


class LogitsLoss(keras.losses.Loss):
    """Compares two classifiers by their logits, each from logits or probabilities.

    A loss is a subclass that defines `divergence(teacher_logits, student_logits)`, of
    the shape `(batch, ...)`. Softmax outputs do: log-probabilities are logits.

    Args:
        from_logits: Whether the student's outputs are logits rather than softmax
            probabilities.
        teacher_from_logits: Whether the teacher's are; as the student's, if None.
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.
    """

    def __init__(
        self, from_logits, teacher_from_logits, *, reduction, name, dtype=None
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.from_logits = _checks.boolean("from_logits", from_logits)
        if teacher_from_logits is not None:
            name = "teacher_from_logits"
            teacher_from_logits = _checks.boolean(name, teacher_from_logits)
        self.teacher_from_logits = teacher_from_logits

    @property
    def takes_teacher_logits(self) -> bool:
        """Whether the teacher's side is taken as logits."""
        same = self.teacher_from_logits is None
        return self.from_logits if same else self.teacher_from_logits

    def divergence(self, teacher, student):
        """Returns how far the student's logits are from the teacher's."""
        raise NotImplementedError

    def call(self, y_true, y_pred):
        y_true, y_pred = map(ops.convert_to_tensor, (y_true, y_pred))  # of lists too
        if y_true.shape[-1] == 1:
            raise ValueError(
                "Both sides must have two classes or more, for a softmax over one is "
                "always 1. For other outputs take a loss such as "
                f"`keras.losses.MeanSquaredError()`. Received: shape={y_true.shape}"
            )
        teacher = as_logits(y_true, self.takes_teacher_logits)
        return self.divergence(teacher, as_logits(y_pred, self.from_logits))

    def get_config(self):
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "teacher_from_logits": self.teacher_from_logits,
        }
