"""What the schedules share that raise the sparsity little by little."""

import dataclasses
import warnings
from typing import ClassVar

from tfcompress import _checks
from tfcompress.schedules.schedule import Schedule

SELDOM = 100  # steps between two updates of a long ramp
UPDATES = 50  # of a shorter one


@dataclasses.dataclass(frozen=True)
class Gradual(Schedule):
    """Sparsity that rises along a `curve` between two positions of the run.

    It is 0 before `begin`, follows the curve from `initial` to `final`, and stays
    there. The masks are updated every `frequency` steps from `begin`, and always at
    `end`, whether or not `frequency` divides the way there.

    Args:
        final: Float in [0, 1), the share of weights removed in the end.
        initial: Float in [0, final], the share removed at `begin`.
        begin: Position where the ramp begins: a step (`500`), epochs (`"3 epochs"`)
            or a share of the run (`"10%"`).
        end: Position where `final` is reached. Leave a part of the run after it: the
            weights that stay need training to make up for those that went.
        frequency: Integer, steps between two updates of the masks. None: 100, and
            fewer on a ramp of less than 5,000 steps, so that it has 50 updates.

    Raises:
        ValueError: If an argument is outside its range, `end` comes before `begin`,
            or, in `resolve`, `end` lies beyond the run.
    """

    final: float
    _: dataclasses.KW_ONLY
    initial: float = 0.0
    begin: int | str = 0
    end: int | str = "70%"
    frequency: int | None = None

    positions: ClassVar[tuple[str, ...]] = ("begin", "end")

    def __post_init__(self):
        super().__post_init__()
        self._set("final", _checks.sparsity("final", self.final))
        self._set("initial", _checks.number("initial", self.initial, low=0))
        if self.frequency is not None:
            self._set("frequency", _checks.integer("frequency", self.frequency))
        if self.initial > self.final:
            rule = f"be at most `final`, {self.final:g}: removed weights stay removed"
            raise _checks.error("initial", rule, self.initial)
        in_steps = isinstance(self.begin, int) and isinstance(self.end, int)
        if in_steps and self.end < self.begin:
            raise _checks.error("end", f"not be before `begin`, {self.begin}", self.end)

    def curve(self, progress: float) -> float:
        """Returns the sparsity at `progress` in [0, 1) of the ramp."""
        raise NotImplementedError

    def sparsity(self, step):
        self._need_steps()
        if step < self.begin:
            return 0.0
        if step >= self.end:
            return self.final
        return self.curve((step - self.begin) / (self.end - self.begin))

    def due(self, step):
        self._need_steps()
        often = self.frequency
        if often is None:
            often = min(SELDOM, max(1, (self.end - self.begin) // UPDATES))
        on_beat = (step - self.begin) % often == 0
        return step == self.end or (self.begin <= step < self.end and on_beat)

    def _check_steps(self, begin, end):
        if end < begin:
            rule = f"not be before `begin`, {self.begin!r}: step {end} before {begin}"
            raise _checks.error("end", rule, self.end)

    def resolve(self, steps_per_epoch, epochs):
        resolved = super().resolve(steps_per_epoch, epochs)
        ramp = resolved.end - resolved.begin
        if self.frequency is not None and ramp <= self.frequency:
            warnings.warn(
                f"The ramp from {self.begin!r} to {self.end!r} has {ramp} steps in "
                "this run, no more than `frequency`: the sparsity rises to its end at "
                "once. For a gradual rise give a smaller frequency. "
                f"Received: frequency={self.frequency}",
                stacklevel=2,
            )
        return resolved
