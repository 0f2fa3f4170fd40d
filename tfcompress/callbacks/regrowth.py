"""What the callbacks share that let a sparse network look for better places."""

import math

import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.ops.keep_largest import keep_count
from tfcompress.schedules.position import check_position, to_step


class Regrowth(PruneLowMagnitude):
    r"""Exchanges weak weights for removed ones, at the same sparsity, during `fit`.

    After `schedule` has removed weights by magnitude, every `frequency` steps the
    weakest part of those that are left is removed too, and as many that were removed
    before grow again, from zero. The part falls along a cosine to 0 at `until`:

    $$ part_t = \tfrac{fraction}{2} (1 + \cos(\pi t / until)) $$

    A method is a subclass that defines `growth`. The exchange is within each weight,
    in groups of the pattern, whatever the scope.

    Args:
        schedule: A schedule of `tfcompress.schedules`. `Constant(0.9)` trains sparse
            from the first step on: on a fresh model the first cut is as good as random.
        fraction: Float in (0, 1], the part exchanged, at the beginning.
        frequency: Positive integer, steps between two exchanges.
        until: Position in the run where exchanges end: a step, `"3 epochs"`, `"75%"`.
        **options: `which`, `pattern`, `scope` and `for_runtime` of `Pruning`.
    """

    def __init__(
        self, schedule, *, fraction=0.3, frequency=100, until="75%", **options
    ):
        super().__init__(schedule, **options)
        one = {"low": 0, "high": 1, "open_low": True}
        self.fraction = _checks.number("fraction", fraction, **one)
        self.frequency = _checks.integer("frequency", frequency)
        self.until = check_position("until", until)
        if self.pattern is not None and not self.pattern.free:
            rule = "have groups that are free to go, so that others can grow"
            raise _checks.error("pattern", rule, self.pattern)

    def growth(self, variable):
        """Returns a numpy array of the variable's shape; high values grow first."""
        raise NotImplementedError

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        epochs = self.params["epochs"]
        self._until = to_step("until", self.until, self._steps, epochs)
        if self._until > self._steps * epochs:
            rule = f"lie within the run, which ends at step {self._steps * epochs}"
            raise _checks.error("until", rule, self.until)

    def get_config(self):
        names = ("fraction", "frequency", "until")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own}

    def _advance(self, step):
        before = self._step // self.frequency
        super()._advance(step)
        if step // self.frequency > before and 0 < step < self._until:
            self._read_back()
            part = 0.5 * (1 + math.cos(math.pi * step / self._until)) * self.fraction
            for weight in self._weights:
                self._exchange(weight, part)

    def _exchange(self, weight, part):
        alive = weight.alive()
        count = np.count_nonzero(alive)
        exchanged = min(round(part * count), alive.size - count)
        if exchanged == 0:
            return
        strength = self._pooled(weight, self.scores)
        [kept] = keep_count([strength], [alive], count - exchanged)
        growth = self._pooled(weight, self.growth)
        [grown] = keep_count([growth], [~alive], exchanged)
        shape = weight.kept.shape
        old = weight.kept & weight.pattern.expand(kept, shape)
        weight.keep(old | weight.pattern.expand(grown, shape))
