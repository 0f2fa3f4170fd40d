"""The ramp on which each update removes the same share of what is left."""

import dataclasses

from tfcompress.schedules.gradual import Gradual


@dataclasses.dataclass(frozen=True)
class Exponential(Gradual):
    r"""Sparsity whose remainder shrinks by a constant factor.

    $$ 1 - s_t = (1 - s_i) \left(\frac{1 - s_f}{1 - s_i}\right)^p, \quad
       p = \frac{t - t_0}{t_1 - t_0} $$

    The rule of iterative pruning ("remove 20 % of what is left, each round"), spread
    over the steps of one run.

    Args:
        final, initial, begin, end, frequency: As in `Gradual`.

    Example:

    >>> schedule = Exponential(0.9375, end=400)
    >>> [round(1 - schedule.sparsity(t), 6) for t in (0, 100, 200, 300, 400)]
    [1.0, 0.5, 0.25, 0.125, 0.0625]

    References:
        - [Frankle and Carbin, 2018](https://arxiv.org/abs/1803.03635)
    """

    def curve(self, progress):
        factor = (1 - self.final) / (1 - self.initial)
        return 1 - (1 - self.initial) * factor**progress
