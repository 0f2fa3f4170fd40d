"""Training of a model that learns from another model as well as from the labels."""

import inspect

import keras
from keras import ops

from tfcompress import _checks
from tfcompress.losses.knowledge_distillation import KnowledgeDistillation


class Distill(keras.callbacks.Callback):
    r"""Adds a teacher's outputs to what a student learns during `fit`.

    $$ \mathcal{L} = \alpha \, \mathcal{L}_{soft}(teacher(x), student(x))
                   + (1 - \alpha) \, \mathcal{L}_{own} $$

    where $\mathcal{L}_{own}$ is all that the student minimizes without a teacher: its
    compiled loss and its penalties. Sample and class weights count in both terms.
    `self.model` stays the plain student, with its metrics; its `compute_loss` is
    replaced for the length of `fit` and is its own again afterwards, also if a fit was
    aborted and another begins. A student is no smaller for being taught: it reaches
    with its size what would take more.

    The teacher gets the student's inputs, in inference mode and its own precision. It
    is not trained, not changed, and not saved with the student. Its forward pass is
    part of every training step. The mean of $\mathcal{L}_{soft}$ over an epoch is
    `logs["distillation_loss"]` (not on JAX); `loss` is $\mathcal{L}$, and `val_loss`
    $\mathcal{L}_{own}$ alone: compare the latter between runs. List it before loggers.

    Args:
        teacher: A built `keras.Model` with one output, of the student's shape; its
            classes in the same order.
        temperature: Float, `temperature > 0`, of `KnowledgeDistillation`.
        alpha: Float in `[0, 1]`, the weight of the teacher. With 1 neither a compiled
            loss nor labels are needed, and penalties do not count.
        loss: A `keras.losses.Loss`, called as `loss(teacher_outputs, student_outputs,
            sample_weight)` in place of `KnowledgeDistillation`, whose arguments then
            have no place here. For regression: `keras.losses.MeanSquaredError()`.
        from_logits: Whether the student's outputs are logits, not softmax
            probabilities. None: as its last layer's activation tells.
        teacher_from_logits: The same of the teacher.

    Raises:
        ValueError: If a number is out of its range, if `loss` comes with an argument it
            replaces, if the teacher is not built or has weights that are not finite. In
            `fit`: if the teacher is the student, if their inputs or outputs differ in
            shape, if an activation does not tell what the outputs are, or if the
            student's own `compute_loss` does not take `training` or is not used by its
            `train_step`.
        TypeError: If `teacher` is not a model, or `loss` not a loss object.

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
        teacher,
        *,
        temperature=4.0,
        alpha=0.5,
        loss=None,
        from_logits=None,
        teacher_from_logits=None,
    ):
        super().__init__()
        self.teacher = _trained(teacher)
        number = _checks.number("temperature", temperature, low=0, open_low=True)
        self.temperature = number
        self.alpha = _checks.number("alpha", alpha, low=0, high=1)
        if loss is not None:
            what = "a loss object, such as `keras.losses.MeanSquaredError()`"
            _checks.instance("loss", loss, keras.losses.Loss, what)
            if (temperature, from_logits, teacher_from_logits) != (4.0, None, None):
                raise ValueError(
                    "`loss` takes the place of `temperature`, `from_logits` and "
                    "`teacher_from_logits`: give them to the loss itself. "
                    f"Received: loss={loss!r}"
                )
        self.loss = loss
        self.from_logits = from_logits
        self.teacher_from_logits = teacher_from_logits
        self._student = None

    def on_train_begin(self, logs=None):
        self._detach()
        student = self.model
        self._check(student)
        self._soft_loss = self.loss or KnowledgeDistillation(
            self.temperature,
            from_logits=_gives_logits("from_logits", self.from_logits, student),
            teacher_from_logits=_gives_logits(
                "teacher_from_logits", self.teacher_from_logits, self.teacher
            ),
        )
        self._attach(student)

    def on_epoch_begin(self, epoch, logs=None):
        if self._mean is not None:
            self._mean.reset_state()

    def on_epoch_end(self, epoch, logs=None):
        if not self._used:
            raise ValueError(
                "The student's `train_step` must call `self.compute_loss`, which is "
                f"where `Distill` adds the teacher. Received: {type(self._student)}"
            )
        if self._mean is not None and logs is not None:
            logs[self._mean.name] = float(self._mean.result())

    def on_train_end(self, logs=None):
        self._detach()

    def _check(self, student):
        if student is self.teacher:
            remedy = "Give the student's copy: `keras.models.clone_model` and weights."
            raise _checks.error(
                "teacher", "be another model than the student", student, remedy=remedy
            )
        if isinstance(getattr(student.compute_loss, "__self__", None), Distill):
            raise ValueError(
                "`callbacks` must have one `Distill` at most. For several teachers, "
                "give the model that averages their outputs."
            )
        if "training" not in inspect.signature(student.compute_loss).parameters:
            # Keras asks such a model in the same way for training and for validation.
            raise ValueError(
                "The student's `compute_loss` must take the argument `training`. "
                f"Received: {type(student)}"
            )
        for side in ("inputs", "outputs"):
            _check_shapes(side, _shapes(self.teacher, side), _shapes(student, side))

    def _attach(self, student):
        self._student = student
        self._own = student.compute_loss
        self._patched = vars(student).get("compute_loss")  # by somebody else
        self._used = False
        self._replicas, self._mean = 1, None
        if keras.backend.backend() == "tensorflow":
            self._replicas = student.distribute_strategy.num_replicas_in_sync
            with student.distribute_strategy.scope():
                self._mean = keras.metrics.Mean("distillation_loss")
        student.compute_loss = self._compute_loss
        student.make_train_function = self._make_train_function
        student.make_train_function(force=True)

    def _detach(self):
        student, self._student = self._student, None
        if student is not None:
            del student.compute_loss, student.make_train_function
            if self._patched is not None:
                student.compute_loss = self._patched
            student.make_train_function(force=True)

    def _make_train_function(self, force=False):
        # Only a new `fit` asks without force: this callback's own was aborted, and the
        # student must not go on with its teacher.
        if not force:
            return self._detach()
        return type(self._student).make_train_function(self._student, force=True)

    def _compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        if not training:
            return self._own(x, y, y_pred, sample_weight, training=False)
        self._used = True
        targets = keras.tree.flatten(self.teacher(x, training=False))
        outputs = keras.tree.flatten(y_pred)
        shapes = [[tuple(t.shape) for t in side] for side in (targets, outputs)]
        _check_shapes("outputs", *shapes)
        if self.loss is None and targets[0].shape[-1] == 1:
            raise _checks.error(
                "teacher",
                "give two classes or more, for a softmax over one is always 1",
                self.teacher,
                remedy="Give `loss`, such as `keras.losses.MeanSquaredError()`.",
            )
        # A loss object: Keras scales it where several replicas share a batch.
        target = ops.stop_gradient(targets[0])
        soft = self._soft_loss(target, outputs[0], sample_weight)
        if self._mean is not None:
            examples = ops.shape(outputs[0])[0]
            self._mean.update_state(soft * self._replicas, sample_weight=examples)
        if self.alpha == 1:
            return soft
        own = self._own(x, y, y_pred, sample_weight, training=True)
        return self.alpha * soft + (1 - self.alpha) * own


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


def _shapes(model, side):
    """Returns the shapes of a model's inputs or outputs, None if it has none yet."""
    tensors = getattr(model, side, None)
    return tensors and [tuple(tensor.shape) for tensor in tensors]


def _check_shapes(side, teacher, student):
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


def _agree(shape, other):
    return len(shape) == len(other) and all(
        a == b or None in (a, b) for a, b in zip(shape[1:], other[1:], strict=True)
    )


def _gives_logits(name, given, model):
    """Returns `given`, or else whether the last layer of `model` gives logits."""
    if given is not None:
        return _checks.boolean(name, given)
    layer = _last_layer(model)
    activation = getattr(layer, "activation", None)
    if isinstance(layer, keras.layers.Softmax):
        return False
    if activation is keras.activations.softmax:
        return False
    if activation in (keras.activations.linear, keras.activations.log_softmax):
        return True
    raise _checks.error(
        name,
        f"be given: the last layer of {model.name!r} is neither linear nor a softmax",
        given,
        remedy="True for logits, False for softmax probabilities; for others give "
        "`loss`, such as `keras.losses.MeanSquaredError()`.",
    )


def _last_layer(model):
    """Returns the layer that makes the output of `model`, None if it cannot be told."""
    if isinstance(model, keras.Sequential):
        layer = model.layers[-1]
    elif getattr(model, "outputs", None):
        name, *_ = keras.tree.flatten(model.get_config().get("output_layers"))
        layer = next((layer for layer in model.layers if layer.name == name), None)
    else:
        layer = None
    return _last_layer(layer) if isinstance(layer, keras.Model) else layer
