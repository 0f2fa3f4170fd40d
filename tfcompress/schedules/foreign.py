"""Schedules of other libraries, taken as they are."""

import dataclasses

from tfcompress import _checks
from tfcompress.schedules.schedule import Schedule


@dataclasses.dataclass(frozen=True)
class Foreign(Schedule):
    """A callable `schedule(step) -> (should_prune, sparsity)`, asked as a `Schedule`.

    So are the schedules of tensorflow_model_optimization, which is not imported. The
    `end_step` of such an object, if it has one, must lie within the run, and an update
    is always due there; where it is -1, "for ever", that step is `begin_step`. They
    answer by TensorFlow operations, at every step: ours cost next to nothing.

    Args:
        schedule: The callable. Its sparsity is rounded to 6 digits: 0.9 is not a
            float32, and its nearest neighbour would keep one weight too many.

    Raises:
        TypeError: If `schedule(0)` is not such a pair, or fails.

    Example:

    >>> schedule = Foreign(lambda step: (step % 50 == 0, 0.5))
    >>> schedule.due(100), schedule.due(101), schedule.sparsity(100)
    (True, False, 0.5)
    """

    schedule: object

    def __post_init__(self):
        remedy = ""
        try:
            answer = self.schedule(0) if callable(self.schedule) else None
        except Exception as fault:
            answer, remedy = (
                None,
                f"At step 0 it raises {type(fault).__name__}: {fault}.",
            )
        if not isinstance(answer, tuple) or len(answer) != 2:
            rule = (
                "be a schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`, "
                "or a callable `schedule(step) -> (should_prune, sparsity)`"
            )
            given = self.schedule
            raise _checks.error("schedule", rule, given, remedy=remedy, kind=TypeError)

    @property
    def end(self):
        end = getattr(self.schedule, "end_step", None)
        return getattr(self.schedule, "begin_step", None) if end == -1 else end

    def sparsity(self, step):
        sparsity = round(float(self.schedule(step)[1]), 6)
        return _checks.sparsity(f"schedule({step})[1]", sparsity)

    def due(self, step):
        return step == self.end or bool(self.schedule(step)[0])

    def resolve(self, steps_per_epoch, epochs):
        if self.end is not None and self.end > steps_per_epoch * epochs:
            self._refuse_run("end_step", self.end, steps_per_epoch, epochs)
        return self

    def get_config(self):
        rule = "be one of `tfcompress.schedules` to be written as data"
        raise _checks.error("schedule", rule, self.schedule, kind=TypeError)


def as_schedule(schedule) -> Schedule:
    """Returns `schedule` if it is ours, else a `Foreign` around it."""
    return schedule if isinstance(schedule, Schedule) else Foreign(schedule)
