"""N weights out of every M consecutive ones."""

import dataclasses
from typing import ClassVar

import numpy as np

from tfcompress import _checks
from tfcompress.ops.keep_largest import keep_count
from tfcompress.patterns.pattern import Pattern


@dataclasses.dataclass(frozen=True)
class NofM(Pattern):
    """Of every `m` consecutive weights along an axis, the best `n` are kept.

    The final sparsity of the schedule must be that of the pattern, $1 - n / m$. On
    the way there the best `n` of each group are safe, and the others of the whole
    weight are compared with each other: the sparsity follows the schedule exactly,
    and at its end no group has more than `n`.

    2 of 4 is what the tensor cores of NVIDIA graphics cards since Ampere can skip,
    through libraries of their own: TensorFlow and LiteRT do not, so here it is neither
    faster nor as small as the same sparsity in free places.

    Args:
        n: Positive integer below `m`, the weights kept.
        m: Integer, the size of a group.
        axis: Integer, the axis along which groups lie; the inputs, if not given.

    Raises:
        ValueError: If `n` is not below `m`; in `check`, if `m` does not divide the
            axis; in `check_final`, if the sparsity is not $1 - n / m$.

    Example:

    >>> pattern, scores = NofM(2, 4, axis=-1), np.array([[1.0, 4.0, 2.0, 3.0]])
    >>> pattern.choose([scores], [scores > 0], 0.5)
    [array([[False,  True, False,  True]])]

    References:
        - [Mishra et al., 2021](https://arxiv.org/abs/2104.08378)
        - [Zhou et al., 2021](https://arxiv.org/abs/2102.04010)
    """

    n: int
    m: int
    axis: int = -2

    free: ClassVar[bool] = False

    def __post_init__(self):
        m = _checks.integer("m", self.m, low=2)
        n = _checks.integer("n", self.n, high=m - 1)
        axis = _checks.integer("axis", self.axis, low=-8, high=7)
        for name, value in {"n": n, "m": m, "axis": axis}.items():
            object.__setattr__(self, name, value)  # frozen for everybody else

    @property
    def sparsity(self) -> float:
        """The share that is removed where the pattern is whole."""
        return 1 - self.n / self.m

    def check(self, name, shape):
        if not -len(shape) <= self.axis < len(shape):
            rule = f"be an axis of {name!r}, a weight of shape {tuple(shape)}"
            raise _checks.error("axis", rule, self.axis)
        if shape[self.axis] % self.m:
            rule = f"divide axis {self.axis} of {name!r}, a weight of shape {shape}"
            remedy = "Choose other weights by `which`, or another axis."
            raise _checks.error("m", rule, self.m, remedy=remedy)

    def check_final(self, sparsity):
        if abs(sparsity - self.sparsity) > 1e-6:
            rule = f"end at {self.sparsity:g}, which is {self.n} of {self.m} kept"
            raise _checks.error("schedule", rule, sparsity)

    def cut(self, shape):
        return shape, ()

    def choose(self, scores, alive, sparsity):
        safe = [self._best(*pair) for pair in zip(scores, alive, strict=True)]
        others = [one & ~best for one, best in zip(alive, safe, strict=True)]
        # Of what is not safe, which is the pattern's sparsity, the share still there.
        rest = max(self.sparsity - sparsity, 0.0) * sum(one.size for one in scores)
        chosen = keep_count(scores, others, round(rest))
        return [best | one for best, one in zip(safe, chosen, strict=True)]

    def _best(self, scores, alive):
        """Marks the best `n` living members of each group, equal ones in order."""
        values = self._groups(np.where(alive, scores, -np.inf))
        rank = np.zeros(values.shape, "int16")
        # By counting: for the small groups there are it beats sorting by far.
        for place in range(self.m):
            one = values[:, place : place + 1]
            rank += one > values
            rank[:, place + 1 :] += one == values[:, place + 1 :]
        shape = np.moveaxis(scores, self.axis, -1).shape
        best = np.moveaxis((rank < self.n).reshape(shape), -1, self.axis)
        return best & alive

    def _groups(self, array):
        return np.moveaxis(array, self.axis, -1).reshape(-1, self.m)
