"""Every weight for itself."""

import dataclasses

from tfcompress.patterns.pattern import Pattern


@dataclasses.dataclass(frozen=True)
class Unstructured(Pattern):
    """Each weight is kept or removed by its own score.

    The least loss of accuracy for a given sparsity, and a smaller file. Not a faster
    one: on a CPU the zeros are multiplied as before. `Block` is for speed.

    Example:

    >>> Unstructured().pool([3.0, 1.0])
    [3.0, 1.0]
    """

    def cut(self, shape):
        return shape, ()

    # The same as by `cut`, without a pass over memory.
    def reduce(self, array, how):
        return array

    def expand(self, groups, shape):
        return groups
