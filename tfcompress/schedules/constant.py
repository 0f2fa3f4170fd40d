"""One sparsity from the first step to the last."""

import dataclasses

from tfcompress import _checks
from tfcompress.schedules.schedule import Schedule


@dataclasses.dataclass(frozen=True)
class Constant(Schedule):
    """The same sparsity during the whole run.

    For a second run on a pruned model: removed weights stay removed, and
    `Constant(0)` removes no others.

    Args:
        final: Float in [0, 1), the share of weights removed before the first step.

    Example:

    >>> Constant(0.5).sparsity(0)
    0.5
    """

    final: float

    end = 0

    def __post_init__(self):
        self._set("final", _checks.sparsity("final", self.final))

    def sparsity(self, step):
        return self.final

    def due(self, step):
        return step == self.end
