"""The cubic ramp of gradual pruning, or one of another power."""

import dataclasses

from tfcompress import _checks
from tfcompress.schedules.gradual import Gradual


@dataclasses.dataclass(frozen=True)
class Polynomial(Gradual):
    r"""Sparsity that rises fast while there is much to remove, then slowly.

    $$ s_t = s_f + (s_i - s_f) \left(1 - \frac{t - t_0}{t_1 - t_0}\right)^{power} $$

    between `begin` $t_0$ and `end` $t_1$, with $s_i$ `initial` and $s_f$ `final`.
    With power 3 half of the way has brought 7/8 of the sparsity.

    Args:
        power: Float above 0; 3 is the paper's cubic, 1 a straight line.
        final, initial, begin, end, frequency: As in `Gradual`.

    Example:

    >>> schedule = Polynomial(0.8, begin=100, end=300)
    >>> round(schedule.sparsity(200), 6)  # 7/8 of 0.8
    0.7

    References:
        - [Zhu and Gupta, 2017](https://arxiv.org/abs/1710.01878)
    """

    power: float = dataclasses.field(default=3.0, kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        self._set("power", _checks.number("power", self.power, low=0, open_low=True))

    def curve(self, progress):
        return self.final + (self.initial - self.final) * (1 - progress) ** self.power
