import keras
import numpy as np
import pytest

from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logit_mimic import LogitMimic
from tfcompress.losses.logits_loss import LogitsLoss


class Difference(LogitsLoss):
    def divergence(self, teacher, student):
        return keras.ops.sum(teacher - student, axis=-1)


def make(from_logits, teacher_from_logits):
    return Difference(
        from_logits, teacher_from_logits, reduction="sum_over_batch_size", name="d"
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((True, None), (1 + 3) - (2 + 4)),
        ((True, False), np.log(1 * 3) - (2 + 4)),
        ((False, True), (1 + 3) - np.log(2 * 4)),
        ((False, None), np.log(1 * 3) - np.log(2 * 4)),
    ],
)
def test_each_side_is_taken_as_logits_or_by_its_logarithm(told, expected):
    value = make(*told)(np.array([[1.0, 3.0]]), np.array([[2.0, 4.0]]))
    np.testing.assert_allclose(value, expected, rtol=1e-6)


@pytest.mark.parametrize("kind", [KnowledgeDistillation, LogitMimic])
def test_a_single_class_is_refused(kind):
    with pytest.raises(ValueError, match="must have two classes or more"):
        kind()(np.ones((2, 1)), np.ones((2, 1)))


@pytest.mark.parametrize("kind", [KnowledgeDistillation, LogitMimic])
@pytest.mark.parametrize("name", ["from_logits", "teacher_from_logits"])
def test_flags_must_be_boolean(kind, name):
    with pytest.raises(TypeError, match=f"`{name}` must be True or False"):
        kind(**{name: "yes"})
