"""All weights that go, go at once."""

import dataclasses
from typing import ClassVar

from tfcompress import _checks
from tfcompress.schedules.schedule import Schedule


@dataclasses.dataclass(frozen=True)
class OneShot(Schedule):
    """Train dense, remove once, train what is left.

    Args:
        final: Float in [0, 1), the share of weights removed.
        at: Position of the cut: a step (`500`), epochs (`"3 epochs"`) or a share of
            the run (`"50%"`).

    Raises:
        ValueError: If `final` is outside [0, 1), `at` is no position, or, in
            `resolve`, lies beyond the run.

    Example:

    >>> schedule = OneShot(0.8, at="50%").resolve(steps_per_epoch=10, epochs=4)
    >>> schedule.sparsity(19), schedule.sparsity(20)
    (0.0, 0.8)

    References:
        - [Han et al., 2015](https://arxiv.org/abs/1506.02626)
    """

    final: float
    _: dataclasses.KW_ONLY
    at: int | str = "50%"

    positions: ClassVar[tuple[str, ...]] = ("at",)

    def __post_init__(self):
        super().__post_init__()
        self._set("final", _checks.sparsity("final", self.final))

    @property
    def end(self):
        return self.at

    def sparsity(self, step):
        self._need_steps()
        return self.final if step >= self.at else 0.0

    def due(self, step):
        self._need_steps()
        return step == self.at
