"""How a budget is shared out among the layers of a model."""

import dataclasses
import math
from collections.abc import Mapping

from tfcompress.methods.method import Method
from tfcompress.tuner.compression import Compression

# Nearer to 1 than this a layer is left as it is: converting would cost, and gain little.
WHOLE = 0.97
STRIDES = 8
HALVES = 3
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
    """Returns the compression of the highest level whose share is at most 1, nearly.

    Args:
        allocation: The direction.
        share: Function of a `Compression`: cost over limit, the greatest of them.
        quantize: As `Compression` has it.
        alpha: The same.

    Returns:
        The compression, or None if none is within.
    """
    low, high = allocation.levels
    width = (high - low) / STRIDES
    # From above, since smaller is not always less: a file has small weights in float32.
    for stride in range(STRIDES + 1):
        level = high - stride * width
        best = allocation.at(level, quantize, alpha)
        cost = share(best)
        if cost <= 1:
            break
    else:
        return None
    for _ in range(HALVES if stride else 0):
        if cost >= ENOUGH:
            break
        width /= 2
        tried = allocation.at(level + width, quantize, alpha)
        if share(tried) <= 1:
            level, best, cost = level + width, tried, share(tried)
    return best
