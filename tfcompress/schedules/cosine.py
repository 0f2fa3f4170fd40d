"""The ramp along half a cosine wave."""

import dataclasses
import math

from tfcompress.schedules.gradual import Gradual


@dataclasses.dataclass(frozen=True)
class Cosine(Gradual):
    r"""Sparsity that rises slowly, fast in the middle, and slowly again.

    $$ s_t = s_f + (s_i - s_f) \frac{1 + \cos(\pi p)}{2}, \quad
       p = \frac{t - t_0}{t_1 - t_0} $$

    Gentler at the beginning than `Polynomial`: for networks that are pruned from
    the first step, before training has told the weights apart.

    Args:
        final, initial, begin, end, frequency: As in `Gradual`.

    Example:

    >>> schedule = Cosine(0.8, end=400)
    >>> [round(schedule.sparsity(t), 3) for t in (100, 200, 300)]
    [0.117, 0.4, 0.683]
    """

    def curve(self, progress):
        left = (1 + math.cos(math.pi * progress)) / 2
        return self.final + (self.initial - self.final) * left
