"""What the pruning callbacks share: masks that hold inside the compiled step."""

import warnings
from typing import ClassVar

import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.callbacks.pruning_table import print_table
from tfcompress.callbacks.resumable import Resumable
from tfcompress.callbacks.runtime_patterns import RUNTIMES
from tfcompress.distributions.distribution import Distribution
from tfcompress.distributions.uniform import Uniform
from tfcompress.finite_weights import check_finite
from tfcompress.patterns.pattern import Pattern
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.schedules.foreign import as_schedule
from tfcompress.schedules.schedule import Schedule
from tfcompress.selection import check_which, select_weights


class Pruning(Resumable):
    """Removes the weights with the lowest `scores`, on a schedule, during `fit`.

    A method is a subclass that defines `scores`. How much is removed, in which
    pattern, and from which weights are the arguments of them all.

    For the length of `fit` each chosen variable has a mask as its constraint, which
    Keras applies inside the compiled training step: removed weights are zero after
    every step. The layers, their names and the saved model are those of the model
    as it was. What is zero at the beginning stays zero, so a run can be continued;
    only a weight that is zero altogether is taken as a whole. A model that `fit` has
    yet to build is dense for its first batch, or execution of several.

    At the end of each epoch `logs["sparsity"]` is the share removed, for the progress
    bar and for loggers; unless `verbose=0`, a table of all weights ends the run.

    Args:
        schedule: A schedule of `tfcompress.schedules`, or of
            tensorflow_model_optimization.
        which: The weights, as `select_weights` takes them; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`: each weight loses the same share. `"global"`: the scores of
            all weights are compared with each other. Or a distribution of
            `tfcompress.distributions`, which gives each weight its share.
        for_runtime: None, or `"litert"`: the pattern of each weight is that for which
            LiteRT has sparse kernels, where there is one; the table says which
            weights will be faster and which only smaller.
    """

    #: What the columns of the table are called, as `print_table` takes it.
    titles: ClassVar[dict[str, str]] = {}

    def __init__(
        self, schedule, *, which=None, pattern=None, scope="layer", for_runtime=None
    ):
        super().__init__()
        self.schedule = as_schedule(schedule)
        self.which = check_which(which)
        self.pattern = pattern
        self.scope = scope
        self.for_runtime = for_runtime
        if pattern is not None:
            what = "a pattern of `tfcompress.patterns`, such as `Block((4, 1))`"
            _checks.instance("pattern", pattern, Pattern, what)
        if not isinstance(scope, Distribution):
            _checks.choice("scope", scope, ("layer", "global"))
        _checks.choice("for_runtime", for_runtime, (None, *RUNTIMES))
        if for_runtime is not None and pattern is not None:
            raise _checks.error("pattern", "be None with `for_runtime`", pattern)
        if for_runtime is not None and scope == "global":
            rule = "not be 'global' with `for_runtime`, whose patterns differ by layer"
            raise _checks.error("scope", rule, scope)
        self._weights = []
        self._remarks = []

    def scores(self, variable):
        """Returns a numpy array of the variable's shape; low scores go first."""
        raise NotImplementedError

    @property
    def ready(self):
        """Whether there are scores; an update that is due waits until there are."""
        return True

    @property
    def sparsity(self):
        """The share of the chosen weights that is removed now."""
        size = sum(weight.kept.size for weight in self._weights)
        kept = sum(int(np.count_nonzero(weight.kept)) for weight in self._weights)
        return 1 - kept / size if size else 0.0

    def summary(self):
        """Returns a dict: path of a weight -> its `size`, `kept` and `sparsity`.

        With `for_runtime` a `remark` says what the weight's pattern is good for.
        """
        rows = {}
        for weight, remark in zip(self._weights, self._remarks, strict=True):
            size, kept = weight.kept.size, int(np.count_nonzero(weight.kept))
            row = {"size": size, "kept": kept, "sparsity": 1 - kept / size}
            rows[weight.path] = {**row, "remark": remark} if remark else row
        return rows

    def state(self):
        """Returns what a backup of the run must have, to go on as if it was not cut.

        Returns:
            A dict: number of a trainable variable -> dict of its arrays, by names.
        """
        places = {id(v): i for i, v in enumerate(self.model.trainable_variables)}
        return {
            places[id(weight.variable)]: {"kept": np.packbits(weight.kept)}
            for weight in self._weights
            if weight.held
        }

    def restore(self, weight, arrays):
        """Takes back what `state` returned for a weight."""
        bits = np.unpackbits(arrays["kept"], count=weight.kept.size)
        weight.start(bits.reshape(weight.kept.shape) > 0)

    def on_train_begin(self, logs=None):
        self._release()  # an earlier fit may have ended in an exception
        self._steps = self.params["steps"]
        if not self._steps:
            remedy = "Give `fit` the argument, or data of known length."
            rule = "be known, for a schedule has a beginning and an end"
            raise _checks.error("steps_per_epoch", rule, self._steps, remedy=remedy)
        self._plan = self.schedule.resolve(self._steps, self.params["epochs"])
        self._step = None
        self._pending = False
        self._weights = []
        if self.model.built:
            self._attach()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self._steps
        if self._weights:
            # Not before: BackupAndRestore may load weights in its on_train_begin.
            if self._step is None:
                self._start()
            self._advance(self._epoch_start)

    def on_train_batch_end(self, batch, logs=None):
        if self._step is None:
            # The first batch has built a model that did not know its shapes.
            self._attach()
            self._start()
        # With steps_per_execution the last batch of an epoch may be counted too high.
        self._advance(self._epoch_start + min(batch + 1, self._steps))

    def on_epoch_end(self, epoch, logs=None):
        if not self.model.stop_training:  # `TerminateOnNaN` may have seen it
            check_finite("model", self.model)  # a loss behind a ReLU may not show it
        # Not in the logs of batches: Keras takes those for the epoch's metrics if
        # they have other names than the model's own.
        if logs is not None:
            logs["sparsity"] = self.sparsity

    def on_train_end(self, logs=None):
        try:
            if self._step is not None:
                self._finish()
                if self.params.get("verbose"):
                    print_table(self.summary(), **self.titles)
        finally:
            self._release()
            self._backup.leave(self)

    def get_config(self):
        chosen = isinstance(self.scope, Distribution)
        return {
            "schedule": self.schedule.get_config(),
            "which": self.which,
            "pattern": self.pattern and self.pattern.get_config(),
            "scope": self.scope.get_config() if chosen else self.scope,
            "for_runtime": self.for_runtime,
        }

    @classmethod
    def from_config(cls, config):
        kinds = {"schedule": Schedule, "pattern": Pattern, "scope": Distribution}
        made = {
            name: kind.from_config(config[name])
            for name, kind in kinds.items()
            if isinstance(config.get(name), dict)
        }
        return cls(**{**config, **made})

    def _attach(self):
        """Chooses the weights and puts the masks on them."""
        self._weights = self._masked_weights()
        # A train function of an earlier fit would not know of the constraints.
        self.model.make_train_function(force=True)

    def _masked_weights(self):
        """Returns what the masks are to hold; at first they hold everything."""
        variables = select_weights(self.model, self.which)
        patterns = self._patterns(variables)
        self._finals = self._final_sparsities(variables, patterns)
        return [
            MaskedWeight(variable, pattern, self.model)
            for variable, pattern in zip(variables, patterns, strict=True)
        ]

    def _start(self):
        """Takes the weights as they are, or as the backup that was loaded knows them."""
        backup = self._backup
        places = {id(v): i for i, v in enumerate(self.model.trainable_variables)}
        found = [backup.find(places[id(weight.variable)]) for weight in self._weights]
        for weight, arrays in zip(self._weights, found, strict=True):
            if arrays:
                self.restore(weight, arrays)
            else:
                weight.start()
        self._first = self._epoch_start
        # What was due at this step was done before the backup.
        done = all(found)
        self._step = self._first if done else self._first - 1
        end = self._plan.end
        self._pending = not done and end is not None and end < self._first

    def _patterns(self, variables):
        if self.for_runtime is None:
            patterns = [self.pattern or Unstructured()] * len(variables)
            self._remarks = [""] * len(variables)
        else:
            choose = RUNTIMES[self.for_runtime]
            patterns, self._remarks = choose(self.model, variables)
        for pattern, variable in zip(patterns, variables, strict=True):
            pattern.check(variable.path, tuple(variable.shape))
        return patterns

    def _final_sparsities(self, variables, patterns):
        """Returns the final sparsity of each weight, None where it is not known."""
        end = self._plan.end
        if isinstance(self.scope, Distribution):
            scope = self.scope
            if end is None:
                rule = "have an end, for `scope` to be a distribution"
                raise _checks.error("schedule", rule, self.schedule)
        else:
            scope = Uniform()
        if end is None:
            return [None] * len(variables)
        finals = scope.sparsities(self.model, variables, self._plan.sparsity(end))
        for pattern, final in zip(patterns, finals, strict=True):
            pattern.check_final(final)
        return finals

    def _advance(self, step):
        passed = range(self._step + 1, step + 1)
        self._step = step
        self._pending |= any(self._plan.due(one) for one in passed)
        if not self._pending:
            return
        self._read_back()
        if self.ready:
            self._pending = False
            self._update(step)

    def _read_back(self):
        """Brings the variables up to date: within an epoch JAX has them elsewhere."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()

    def _update(self, step):
        sparsity = self._plan.sparsity(step)
        if self.scope == "global":
            self._cut(self._weights, sparsity)
            return
        final = None if self._plan.end is None else self._plan.sparsity(self._plan.end)
        for weight, own in zip(self._weights, self._finals, strict=True):
            # As far on the way to its own end; exactly there at the end.
            there = final is None or own == final
            self._cut([weight], sparsity if there else own * _share(sparsity, final))

    def _cut(self, weights, sparsity):
        scores = [self._pooled(weight, self.scores) for weight in weights]
        alive = [weight.alive() for weight in weights]
        choice = weights[0].pattern.choose(scores, alive, sparsity)
        for weight, groups in zip(weights, choice, strict=True):
            weight.keep(weight.pattern.expand(groups, weight.kept.shape) & weight.kept)

    def _pooled(self, weight, score):
        """Returns `score(variable)`, one number for each group of the pattern."""
        scores = weight.pattern.pool(score(weight.variable))
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
        elif self._pending:
            self._update(self._step)
        for weight in self._weights:
            weight.apply()  # averaged or restored weights came back without the mask

    def _release(self):
        for weight in self._weights:
            weight.release()
        if self._weights:
            self.model.make_train_function(force=True)


def _share(part, whole):
    return part / whole if whole else 0.0
