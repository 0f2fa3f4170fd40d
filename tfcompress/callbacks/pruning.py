"""What the pruning callbacks share: masks that hold inside the compiled step."""

import warnings

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.masked import Masked
from tfcompress.ops.keep_largest import keep_largest
from tfcompress.patterns.pattern import Pattern
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.schedules.foreign import as_schedule
from tfcompress.schedules.schedule import Schedule
from tfcompress.selection import select_weights


class Pruning(keras.callbacks.Callback):
    """Removes the weights with the lowest `scores`, on a schedule, during `fit`.

    A method is a subclass that defines `scores`. How much is removed, in which
    pattern, and from which weights are the arguments of them all.

    For the length of `fit` each chosen variable has a mask as its constraint, which
    Keras applies inside the compiled training step: removed weights are zero after
    every step. The layers, their names and the saved model are those of the model
    as it was. What is zero at the beginning stays zero, so a run can be continued;
    only a weight that is zero altogether is taken as a whole.

    Args:
        schedule: A schedule of `tfcompress.schedules`, or of
            tensorflow_model_optimization.
        which: The weights, as `select_weights` takes them; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`: each weight loses the same share. `"global"`: the scores of
            all weights are compared with each other.
    """

    def __init__(self, schedule, *, which=None, pattern=None, scope="layer"):
        super().__init__()
        what = "a pattern of `tfcompress.patterns`, such as `Block((4, 1))`"
        pattern = Unstructured() if pattern is None else pattern
        self.schedule = as_schedule(schedule)
        self.which = which
        self.pattern = _checks.instance("pattern", pattern, Pattern, what)
        self.scope = _checks.choice("scope", scope, ("layer", "global"))
        self._weights = []

    def scores(self, variable):
        """Returns a numpy array of the variable's shape; low scores go first."""
        raise NotImplementedError

    @property
    def sparsity(self):
        """The share of the chosen weights that is removed now."""
        size = sum(weight.kept.size for weight in self._weights)
        kept = sum(int(np.count_nonzero(weight.kept)) for weight in self._weights)
        return 1 - kept / size if size else 0.0

    def summary(self):
        """Returns a dict: path of a weight -> its `size`, `kept` and `sparsity`."""
        rows = {}
        for weight in self._weights:
            size, kept = weight.kept.size, int(np.count_nonzero(weight.kept))
            row = {"size": size, "kept": kept, "sparsity": 1 - kept / size}
            rows[weight.path] = row
        return rows

    def on_train_begin(self, logs=None):
        self._release()  # an earlier fit may have ended in an exception
        if keras.backend.backend() == "jax":
            # JAX freezes a variable that the model does not own into the step.
            raise RuntimeError("Pruning needs Keras's TensorFlow or torch backend.")
        self._steps = self.params["steps"]
        if not self._steps:
            remedy = "Give `fit` the argument, or data of known length."
            rule = "be known, for a schedule has a beginning and an end"
            raise _checks.error("steps_per_epoch", rule, self._steps, remedy=remedy)
        self._plan = self.schedule.resolve(self._steps, self.params["epochs"])
        self._step = None
        variables = select_weights(self.model, self.which)
        for variable in variables:
            self.pattern.check(variable.path, tuple(variable.shape))
        self._weights = [_MaskedWeight(variable) for variable in variables]
        # A train function of an earlier fit would not know of the constraints.
        self.model.make_train_function(force=True)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self._steps
        if self._step is None:
            # Not before: BackupAndRestore may load weights in its on_train_begin.
            for weight in self._weights:
                weight.start()
            self._step = self._epoch_start - 1
            if self._plan.end is not None and self._plan.end < self._epoch_start:
                self._update(self._epoch_start)
        self._advance(self._epoch_start)

    def on_train_batch_end(self, batch, logs=None):
        # With steps_per_execution the last batch of an epoch may be counted too high.
        self._advance(self._epoch_start + min(batch + 1, self._steps))

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["sparsity"] = self.sparsity

    def on_train_end(self, logs=None):
        try:
            if self._step is not None:
                self._finish()
        finally:
            self._release()

    def get_config(self):
        return {
            "schedule": self.schedule.get_config(),
            "which": self.which,
            "pattern": self.pattern.get_config(),
            "scope": self.scope,
        }

    @classmethod
    def from_config(cls, config):
        schedule = Schedule.from_config(config["schedule"])
        pattern = Pattern.from_config(config["pattern"])
        return cls(**{**config, "schedule": schedule, "pattern": pattern})

    def _advance(self, step):
        passed = range(self._step + 1, step + 1)
        self._step = step
        if any(self._plan.due(one) for one in passed):
            self._update(step)

    def _update(self, step):
        sparsity = self._plan.sparsity(step)
        alone = [[weight] for weight in self._weights]
        for weights in [self._weights] if self.scope == "global" else alone:
            self._cut(weights, sparsity)

    def _cut(self, weights, sparsity):
        scores = [self._pooled_scores(weight) for weight in weights]
        alive = [self.pattern.reduce(weight.kept, np.any) for weight in weights]
        choice = keep_largest(scores, alive, sparsity)
        for weight, groups in zip(weights, choice, strict=True):
            weight.keep(self.pattern.expand(groups, weight.kept.shape) & weight.kept)

    def _pooled_scores(self, weight):
        scores = self.pattern.pool(self.scores(weight.variable))
        if not np.isfinite(np.max(scores)):  # the maximum of a NaN is NaN
            raise ValueError(
                f"The scores of {weight.path!r} must be finite: training has diverged. "
                f"Received: {np.max(scores)}"
            )
        return scores

    def _finish(self):
        end = self._plan.end
        if end is not None and self._step < end:
            warnings.warn(
                f"Training stopped at step {self._step}, before the schedule's end at "
                f"step {end}. The rest was removed now, with no training after it.",
                stacklevel=2,
            )
            self._update(end)
        for weight in self._weights:
            weight.apply()  # averaged or restored weights came back without the mask

    def _release(self):
        for weight in self._weights:
            weight.release()
        if self._weights:
            self.model.make_train_function(force=True)


class _PruningMask(Masked):
    """Tells a mask of these callbacks from one that the user has set."""


class _MaskedWeight:
    """A variable, what is kept of it, and the constraint that holds it so."""

    def __init__(self, variable):
        self.variable = variable
        self.path = variable.path
        ones = np.ones(variable.shape)
        self.mask = keras.Variable(ones, dtype=variable.dtype, trainable=False)
        self.previous = variable.constraint
        while isinstance(self.previous, _PruningMask):  # left by an aborted fit
            self.previous = self.previous.inner
        self.constraint = _PruningMask(self.mask, inner=self.previous)
        variable.constraint = self.constraint
        self.kept = ones > 0

    def start(self):
        """Keeps what is not zero; of a weight that is zero everywhere, all."""
        if self.variable.constraint is not self.constraint:
            raise ValueError(
                f"{self.path!r} is pruned by another callback of this `fit` as well. "
                "Give each its own weights by `which`."
            )
        nonzero = ops.convert_to_numpy(self.variable) != 0
        if nonzero.any():
            self.keep(nonzero)

    def keep(self, kept):
        # Both at once: the mask alone would show only after the next step.
        self.kept = kept
        # Converted here: TensorFlow takes its time for an array of bool.
        self.mask.assign(kept.astype("float32"))
        self.apply()

    def apply(self):
        self.variable.assign(self.variable * self.mask)

    def release(self):
        if self.variable.constraint is self.constraint:
            self.variable.constraint = self.previous
