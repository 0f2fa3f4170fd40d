"""Trained models that teach: asked in inference mode, and never changed."""

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.distillation.outputs import (
    as_logits,
    as_two_logits,
    gives_logits,
    gives_sigmoids,
)


class Teachers:
    """One trained model or several, whose answers are averaged.

    Args:
        given: A built `keras.Model` with one output, or a list of them.

    Raises:
        TypeError: If one is not a model.
        ValueError: If there is none, or one is not built or has weights that are not
            finite.
    """

    def __init__(self, given):
        models = given if isinstance(given, (list, tuple)) else [given]
        if not models:
            raise _checks.error("teacher", "be a model or some of them", given)
        self.models = [_trained(model) for model in models]

    def check(self, student):
        """Raises unless each can teach `student`, as far as can be told now.

        Raises:
            ValueError: If one is the student or trains with it, or inputs or outputs
                differ in shape.
        """
        training = {id(variable) for variable in student.trainable_variables}
        for teacher in self.models:
            remedy = "Give a copy: `keras.models.clone_model` and its weights."
            if student is teacher:
                rule = "be another model than the student"
                raise _checks.error("teacher", rule, student, remedy=remedy)
            shared = [v.path for v in teacher.variables if id(v) in training]
            if shared:
                rule = "share no weight that the student trains"
                raise _checks.error("teacher", rule, shared[0], remedy=remedy)
            for side in ("inputs", "outputs"):
                check_shapes(side, _shapes(teacher, side), _shapes(student, side))

    def outputs(self, x, like=None) -> list:
        """Returns the answer of each to `x`.

        Args:
            x: A batch.
            like: The student's answer, whose shape theirs must have; or None.
        """
        found = []
        for model in self.models:
            answers = keras.tree.flatten(model(x, training=False))
            shapes = [tuple(answer.shape) for answer in answers]
            same = shapes if like is None else [tuple(like.shape)]
            check_shapes("outputs", shapes, same)
            found.append(ops.stop_gradient(answers[0]))
        return found

    def mean(self, x, like=None):
        """Returns the mean of their outputs for `x`."""
        return _mean(self.outputs(x, like))

    def logits(self, x, told: list[bool], like=None):
        """Returns the mean of their logits for `x`; `told` is from `gives_logits`."""
        outputs = self.outputs(x, like)
        return _mean([as_logits(*pair) for pair in zip(outputs, told, strict=True)])

    def two_logits(self, x, like=None):
        """Returns the mean of the logits of two classes that sigmoids stand for."""
        return _mean([as_two_logits(outputs) for outputs in self.outputs(x, like)])

    def refuse_other_than_sigmoids(self):
        """Raises where a model does not end in a sigmoid, as the student does."""
        for model in self.models:
            if not gives_sigmoids(model):
                rule = "end in a sigmoid, as the student does"
                raise _checks.error("teacher", rule, model.name)

    def gives_logits(self, name: str, given: bool | None) -> list[bool]:
        """Returns, for each, `given`, or else whether its outputs are logits."""
        return [gives_logits(name, given, model) for model in self.models]


def check_shapes(side: str, teacher, student):
    """Raises unless the shapes of a `side`, lists or None, agree."""
    if teacher is None or student is None:
        return
    name = f"teacher.{side}"
    same = len(teacher) == len(student) and all(map(_agree, teacher, student))
    if not same:
        rule = f"have the shape of the student's, {student}"
        raise _checks.error(name, rule, teacher)
    if side == "outputs" and len(teacher) > 1:
        remedy = "Give the model up to the output that teaches, and a student like it."
        raise _checks.error(name, "be a single tensor", teacher, remedy=remedy)


def _trained(teacher):
    _checks.instance("teacher", teacher, keras.Model, "a `keras.Model`")
    if not teacher.built:
        remedy = "Call it once on a batch, or begin it with `keras.Input`."
        raise _checks.error("teacher", "be built, and trained", teacher, remedy=remedy)
    for weight in teacher.weights:
        if not ops.all(ops.isfinite(weight)):
            rule = "have finite weights: training it has diverged"
            raise _checks.error("teacher", rule, weight.path)
    return teacher


def _mean(outputs):
    return outputs[0] if len(outputs) == 1 else sum(outputs) / len(outputs)


def _shapes(model, side):
    """Returns the shapes of a model's inputs or outputs, None if it has none yet."""
    tensors = getattr(model, side, None)
    return tensors and [tuple(tensor.shape) for tensor in tensors]


def _agree(shape, other):
    return len(shape) == len(other) and all(
        a == b or None in (a, b) for a, b in zip(shape[1:], other[1:], strict=True)
    )
