"""How a budget is shared out among the layers of a model."""

import dataclasses
import math
from collections.abc import Mapping

from tfcompress.methods.method import Method
from tfcompress.tuner.compression import Compression

# Nearer to 1 than this a layer is left as it is: converting would cost, and gain little.
WHOLE = 0.97
STEPS = 6
ENOUGH = 0.95


@dataclasses.dataclass(frozen=True)
class Allocation:
    """A direction: which layers give more than others, however much is asked of all.

    At a level $t$ layer l has the ratio $e^{t + d_l}$, at most 1 and at least its floor.
    With all $d_l = 0$ that is one ratio for all layers.

    Args:
        methods: The method of each layer.
        offsets: $d_l$ of each layer.
        floors: The least ratio of each layer.
    """

    methods: Mapping[str, Method]
    offsets: Mapping[str, float]
    floors: Mapping[str, float]

    def at(self, level, quantize, alpha) -> Compression:
        """Returns the compression at a level, which is at most 0."""
        choices = {}
        for name, method in self.methods.items():
            ratio = math.exp(min(0.0, level + self.offsets[name]))
            ratio = max(self.floors[name], ratio)
            choices[name] = (method, 1.0 if ratio > WHOLE else round(ratio, 4))
        return Compression(choices, quantize, alpha)

    @property
    def levels(self) -> tuple[float, float]:
        """The levels at which all layers are at their floors, and all are whole."""
        names = self.methods
        lowest = min(math.log(self.floors[n]) - self.offsets[n] for n in names)
        return lowest, max([0.0, *(-self.offsets[n] for n in names)])


def within(allocation, share, *, quantize, alpha) -> Compression | None:
    """Returns the largest compression of a direction whose share is at most 1.

    Args:
        allocation: The direction.
        share: Function of a `Compression`: cost over limit, the greatest of them. It
            must not fall with the level.
        quantize: As `Compression` has it.
        alpha: The same.

    Returns:
        The compression, or None if not even the smallest is within.
    """
    low, high = allocation.levels
    whole = allocation.at(high, quantize, alpha)
    above = share(whole)
    if above <= 1:
        return whole
    best = allocation.at(low, quantize, alpha)
    below = share(best)
    if below > 1:
        return None
    for _ in range(STEPS):
        if below >= ENOUGH:
            break
        # Where the share would be 1 if it grew evenly, but no end is left for long.
        place = (1 - below) / (above - below) if math.isfinite(above) else 0.5
        middle = low + (high - low) * min(max(place, 0.2), 0.8)
        tried = allocation.at(middle, quantize, alpha)
        found = share(tried)
        if found <= 1:
            low, best, below = middle, tried, found
        else:
            high, above = middle, found
    return best
