"""What every schedule answers: how sparse at a step, and is an update due."""

import dataclasses
from typing import ClassVar

from tfcompress import _checks
from tfcompress.described import Described
from tfcompress.schedules.position import check_position, to_step


@dataclasses.dataclass(frozen=True)
class Schedule(Described):
    """The sparsity over a training run, as plain numbers.

    Step `t` is the state after `t` batches of the run; 0 is before the first. A
    subclass is a frozen dataclass; it names its fields that are `positions` in the
    run, and defines `end`, `sparsity` and `due`.
    """

    positions: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self):
        for name in self.positions:
            self._set(name, check_position(name, getattr(self, name)))

    @property
    def end(self) -> int | None:
        """The step from which the final sparsity holds; None if not known."""
        raise NotImplementedError

    def sparsity(self, step: int) -> float:
        """Returns the share of weights that is to be removed at `step`."""
        raise NotImplementedError

    def due(self, step: int) -> bool:
        """Returns whether the masks are to be updated at `step`."""
        raise NotImplementedError

    def resolve(self, steps_per_epoch: int, epochs: int) -> "Schedule":
        """Returns this schedule with its positions in steps, for a run of that length.

        Raises:
            ValueError: If a position lies beyond the end of the run.
        """
        steps_per_epoch = _checks.integer("steps_per_epoch", steps_per_epoch)
        total = steps_per_epoch * _checks.integer("epochs", epochs)
        steps = {}
        for name in self.positions:
            position = getattr(self, name)
            steps[name] = to_step(name, position, steps_per_epoch, epochs)
            if steps[name] > total:
                self._refuse_run(name, position, steps_per_epoch, epochs)
        self._check_steps(**steps)
        return dataclasses.replace(self, **steps)

    def _check_steps(self, **steps):
        """Raises if the positions in steps do not fit each other."""

    def _set(self, name, value):
        object.__setattr__(self, name, value)  # frozen for everybody else

    def _need_steps(self):
        for name in self.positions:
            if isinstance(getattr(self, name), str):
                remedy = "Call `resolve(steps_per_epoch, epochs)` first."
                rule = "be in steps to be asked about one"
                raise _checks.error(name, rule, getattr(self, name), remedy=remedy)

    def _refuse_run(self, name, position, steps_per_epoch, epochs):
        rule = (
            f"lie within the run, which ends at step {steps_per_epoch * epochs} "
            f"({epochs} epochs of {steps_per_epoch} steps)"
        )
        remedy = "Train for longer, or give a share of the run, such as '70%'."
        raise _checks.error(name, rule, position, remedy=remedy)
