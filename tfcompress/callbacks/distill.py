"""Training of a model that learns from another model as well as from the labels."""

import contextlib
import inspect

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.distillation.features import Features
from tfcompress.distillation.outputs import (
    as_two_logits,
    gives_logits,
    gives_sigmoids,
)
from tfcompress.distillation.teachers import Teachers, check_shapes
from tfcompress.finite_weights import check_finite
from tfcompress.losses.feature_matching import FeatureMatching
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logits_loss import LogitsLoss


class Distill(keras.callbacks.Callback):
    r"""Adds a teacher's outputs to what a student learns during `fit`.

    $$ \mathcal{L} = \alpha \, (\mathcal{L}_{soft}(teacher(x), student(x))
                   + w \, \mathcal{L}_{features}) + (1 - \alpha) \, \mathcal{L}_{own} $$

    where $\mathcal{L}_{own}$ is all that the student minimizes without a teacher: its
    compiled loss and its penalties. Sample and class weights count in all terms.
    `self.model` stays the plain student, with its metrics; its `compute_loss` is
    replaced for the length of `fit` and is its own again afterwards, also if a fit was
    aborted and another begins. A student is no smaller for being taught: it reaches
    with its size what would take more.

    The teacher gets the student's inputs, in inference mode and its own precision. It
    is not trained, not changed, and not saved with the student. Its forward pass is
    part of every training step, unless the data carry its outputs
    (`tfcompress.datasets.with_teacher`). The mean of $\mathcal{L}_{soft}$ over an epoch
    is `logs["distillation_loss"]`, that of $\mathcal{L}_{features}$ is
    `logs["feature_loss"]` (not on JAX); `loss` is $\mathcal{L}$, and `val_loss`
    $\mathcal{L}_{own}$ alone: compare the latter between runs. List it before loggers.

    Args:
        teacher: A built `keras.Model` with one output, of the student's shape; its
            classes in the same order. Or a list of them, whose logits are averaged. Or
            None, if the data carry the outputs.
        temperature: Float, `temperature > 0`, of `KnowledgeDistillation`.
        alpha: Float in `[0, 1]`, the weight of the teacher. With 1 neither a compiled
            loss nor labels are needed, and penalties do not count. Or a
            `keras.optimizers.schedules.LearningRateSchedule` of such numbers, at the
            student's `optimizer.iterations`, as for a learning rate (not on JAX).
        loss: A `keras.losses.Loss`, called as `loss(teacher_outputs, student_outputs,
            sample_weight)` in place of `KnowledgeDistillation`, whose arguments then
            have no place here. `tfcompress.losses.LogitMimic()`, or for regression
            `keras.losses.MeanSquaredError()`.
        features: A mapping from names of the student's layers to names of the
            teacher's, whose outputs are compared, in a Sequential or Functional model;
            of several teachers, the first. Positions that are masked count as equal.
        feature_loss: A `keras.losses.Loss` of features: None for
            `tfcompress.losses.FeatureMatching()`, which trains a linear map along,
            where widths differ (TensorFlow, one replica). It is forgotten after `fit`.
        feature_weight: Float `>= 0`, w above.
        from_logits: Whether the student's outputs are logits, not softmax
            probabilities. None: as its last layer's activation tells. Each sigmoid of a
            student is a softmax over two classes, no and yes, with a teacher that ends
            in as many.
        teacher_from_logits: The same of the teacher.

    Raises:
        ValueError: If a number is out of its range, if `loss` comes with an argument it
            replaces, if a teacher is not built or has weights that are not finite. In
            `fit`: if a teacher is the student or shares weights that it trains, if
            inputs or outputs differ in shape, if an activation does not tell what the
            outputs are, or tells other than `loss`, if a layer of `features` is not
            found, if the data carry no outputs and there is no teacher, or both, or if
            the student's own `compute_loss` does not take `training` or is not used by
            its `train_step`.
        TypeError: If `teacher` is not a model, or a loss not a loss object.

    Example:

    >>> teacher = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> student = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    >>> student.compile(keras.optimizers.SGD(1.0))
    >>> x = np.eye(4, dtype="float32")
    >>> distill = tfc.callbacks.Distill(teacher, alpha=1.0)  # no labels are needed
    >>> history = student.fit(x, epochs=60, verbose=0, callbacks=[distill])
    >>> soft = history.history["distillation_loss"]
    >>> soft[-1] < 0.01 * soft[0]
    True

    References:
        - [Hinton et al., 2015](https://arxiv.org/abs/1503.02531)
    """

    def __init__(
        self,
        teacher=None,
        *,
        temperature=4.0,
        alpha=0.5,
        loss=None,
        features=None,
        feature_loss=None,
        feature_weight=1.0,
        from_logits=None,
        teacher_from_logits=None,
    ):
        super().__init__()
        self.teachers = None if teacher is None else Teachers(teacher)
        number = _checks.number("temperature", temperature, low=0, open_low=True)
        self.temperature = number
        self.alpha = _alpha(alpha)
        if loss is not None:
            what = "a loss object, such as `keras.losses.MeanSquaredError()`"
            _checks.instance("loss", loss, keras.losses.Loss, what)
            if (temperature, from_logits, teacher_from_logits) != (4.0, None, None):
                raise ValueError(
                    "`loss` takes the place of `temperature`, `from_logits` and "
                    "`teacher_from_logits`: give them to the loss itself. "
                    f"Received: loss={loss!r}"
                )
        if teacher is None and teacher_from_logits is not None:
            rule = "be left out without a teacher: data carry logits"
            raise _checks.error("teacher_from_logits", rule, teacher_from_logits)
        self.loss = loss
        self.features = self._checked_features(features, feature_loss)
        self.feature_loss = feature_loss or FeatureMatching()
        self.feature_weight = _checks.number("feature_weight", feature_weight, low=0)
        self.from_logits = _told_or_none("from_logits", from_logits)
        self.teacher_from_logits = _told_or_none(
            "teacher_from_logits", teacher_from_logits
        )
        self._student = None

    def on_train_begin(self, logs=None):
        self._detach()
        student = self.model
        self._check(student)
        self._choose_loss(student)
        self._attach(student)

    def on_epoch_begin(self, epoch, logs=None):
        for mean in self._means.values():
            mean.reset_state()

    def on_epoch_end(self, epoch, logs=None):
        if not self._used:
            raise ValueError(
                "The student's `train_step` must call `self.compute_loss`, which is "
                f"where `Distill` adds the teacher. Received: {type(self._student)}"
            )
        if not self._student.stop_training:
            check_finite("model", self._student)
        if logs is not None:
            logs.update({name: float(m.result()) for name, m in self._means.items()})

    def on_train_end(self, logs=None):
        self._detach()

    def _checked_features(self, features, loss):
        if features is None:
            if loss is not None:
                rule = "be given with `features`, the layers that it compares"
                raise _checks.error("feature_loss", rule, loss)
            return None
        what = "a mapping of names of layers"
        _checks.instance("features", features, dict, what)
        for name in (*features, *features.values()):
            _checks.instance("features", name, str, what)
        if self.teachers is None or not features:
            rule = "pair layers of the student with layers of a teacher"
            raise _checks.error("features", rule, features)
        if loss is not None:
            what = "a loss object, such as `tfcompress.losses.AttentionTransfer()`"
            _checks.instance("feature_loss", loss, keras.losses.Loss, what)
        return dict(features)

    def _check(self, student):
        if self.teachers is not None:
            self.teachers.check(student)
        if isinstance(getattr(student.compute_loss, "__self__", None), Distill):
            raise ValueError(
                "`callbacks` must have one `Distill` at most. For several teachers, "
                "give it a list of them."
            )
        if "training" not in inspect.signature(student.compute_loss).parameters:
            # Keras asks such a model in the same way for training and for validation.
            raise ValueError(
                "The student's `compute_loss` must take the argument `training`. "
                f"Received: {type(student)}"
            )
        if isinstance(self.alpha, float):
            return
        if keras.backend.backend() == "jax":
            # JAX freezes the number of the step into the compiled step.
            raise RuntimeError("On JAX `alpha` must be a number.")
        steps = (self.params.get("steps") or 0) * self.params.get("epochs", 1)
        for step in (0, steps):
            name = f"alpha({step})"
            _checks.number(name, float(self.alpha(step)), low=0, high=1)

    def _choose_loss(self, student):
        """Decides what is compared: logits, as the loss takes them, or outputs."""
        self._told = None
        self._soft_loss = self.loss
        says_nothing = self.loss is None and self.from_logits is None
        self._is_binary = says_nothing and gives_sigmoids(student)
        if self._is_binary:
            if self.teachers is None:
                rule = "be given for a student that ends in a sigmoid"
                raise _checks.error("teacher", rule, None)
            if self.teacher_from_logits is not None:
                rule = (
                    "be left out for a student that ends in a sigmoid, as teachers do"
                )
                name = "teacher_from_logits"
                raise _checks.error(name, rule, self.teacher_from_logits)
            self.teachers.refuse_other_than_sigmoids()
            self._soft_loss = KnowledgeDistillation(self.temperature, from_logits=True)
        elif self.loss is None:
            self._soft_loss = KnowledgeDistillation(
                self.temperature,
                from_logits=gives_logits("from_logits", self.from_logits, student),
                teacher_from_logits=True,
            )
            if self.teachers is not None:
                self._told = self.teachers.gives_logits(
                    "teacher_from_logits", self.teacher_from_logits
                )
        elif isinstance(self.loss, LogitsLoss):
            given = self.loss.from_logits
            if _told(student, given) != given:
                rule = f"be given the loss as {not given}, for that is what outputs are"
                raise _checks.error("from_logits", rule, given)
            if self.teachers is not None:
                given = self.loss.takes_teacher_logits
                self._told = [_told(teacher, given) for teacher in self.teachers.models]

    def _attach(self, student):
        self._student = student
        self._used = False
        self._replicas, self._means = 1, {}
        self._features = None
        with _scope(student):
            if self.features is not None:
                teacher = self.teachers.models[0]
                pairs, loss = self.features, self.feature_loss
                self._features = Features(student, teacher, pairs, loss)
            if keras.backend.backend() == "tensorflow":
                self._replicas = student.distribute_strategy.num_replicas_in_sync
                names = ["distillation_loss"] + ["feature_loss"] * bool(self._features)
                self._means = {name: keras.metrics.Mean(name) for name in names}
        if self._features:
            self._features.open()
        self._own, self._own_metrics = student.compute_loss, student.compute_metrics
        changed = ("compute_loss", "compute_metrics")
        self._patched = {  # by somebody else
            name: vars(student)[name] for name in changed if name in vars(student)
        }
        student.compute_loss = self._compute_loss
        student.compute_metrics = self._compute_metrics
        student.make_train_function = self._make_train_function
        self._renew(student)

    def _detach(self):
        student, self._student = self._student, None
        if student is not None:
            del student.compute_loss, student.compute_metrics
            del student.make_train_function
            for name, method in self._patched.items():
                setattr(student, name, method)
            if self._features:
                self._features.close()
            self._renew(student)

    def _renew(self, student):
        student.make_train_function(force=True)
        if self.teachers is None:  # validation may have met the data that carry it
            student.make_test_function(force=True)

    def _make_train_function(self, force=False):
        # Only a new `fit` asks without force: this callback's own was aborted, and the
        # student must not go on with its teacher.
        if not force:
            return self._detach()
        return type(self._student).make_train_function(self._student, force=True)

    def _compute_metrics(self, x, y, y_pred, sample_weight=None):
        weights = _part(sample_weight, "labels")
        return self._own_metrics(x, _part(y, "labels"), y_pred, weights)

    def _compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        target, y = y, _part(y, "labels")
        soft_weight, weight = (
            _part(sample_weight, key) for key in ("teacher", "labels")
        )
        if not training:
            return self._own(x, y, y_pred, weight, training=False)
        self._used = True
        outputs = keras.tree.flatten(y_pred)
        # A loss object: Keras scales it where several replicas share a batch.
        target = self._target(x, target, outputs[0])
        compared = as_two_logits(outputs[0]) if self._is_binary else outputs[0]
        soft = self._soft_loss(target, compared, soft_weight)
        self._record("distillation_loss", soft, outputs[0])
        if self._features:
            difference = self._features(soft_weight)
            self._record("feature_loss", difference, outputs[0])
            soft = soft + self.feature_weight * difference
        if self.alpha == 1:
            return soft
        own = self._own(x, y, y_pred, weight, training=True)
        alpha = self.alpha
        if callable(alpha):
            alpha = ops.cast(alpha(self._student.optimizer.iterations), soft.dtype)
        return alpha * soft + (1 - alpha) * own

    def _target(self, x, y, output):
        """Returns what the teacher says, in the form that the loss takes."""
        carried = y["teacher"] if _is_carried(y) else None
        if (carried is None) == (self.teachers is None):
            raise ValueError(
                "The teacher's outputs must come either from `teacher` or with the "
                "data, from `tfcompress.datasets.with_teacher`. "
                f"Received: teacher={self.teachers and self.teachers.models!r}, "
                f"y={type(y).__name__}"
            )
        if self._is_binary:
            return self.teachers.two_logits(x, output)
        if carried is not None:
            shapes = [tuple(carried.shape)], [tuple(output.shape)]
            check_shapes("outputs", *shapes)
            target = carried
        elif self._told is None:
            return self.teachers.mean(x, output)
        else:
            target = self.teachers.logits(x, self._told, output)
        loss = self._soft_loss
        if isinstance(loss, LogitsLoss) and not loss.takes_teacher_logits:
            return ops.softmax(target)
        return target

    def _record(self, name, loss, outputs):
        if name in self._means:
            examples = ops.shape(outputs)[0]
            mean = self._means[name]
            mean.update_state(loss * self._replicas, sample_weight=examples)


def _alpha(alpha):
    if isinstance(alpha, keras.optimizers.schedules.LearningRateSchedule):
        return alpha
    return _checks.number("alpha", alpha, low=0, high=1)


def _told_or_none(name, given):
    return None if given is None else _checks.boolean(name, given)


def _told(model, otherwise):
    """Whether `model` gives logits, or `otherwise` if its last layer does not tell."""
    try:
        return gives_logits("from_logits", None, model)
    except ValueError:
        return otherwise


def _scope(student):
    if keras.backend.backend() == "tensorflow":
        return student.distribute_strategy.scope()
    return contextlib.nullcontext()


def _is_carried(y):
    return isinstance(y, dict) and set(y) == {"labels", "teacher"}


def _part(structure, key):
    """The labels, or their weights, where the data carry the teacher's outputs too."""
    return structure[key] if _is_carried(structure) else structure
