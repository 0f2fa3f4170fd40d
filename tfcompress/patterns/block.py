"""Small dense blocks that are kept or removed as one."""

import dataclasses

import numpy as np

from tfcompress import _checks
from tfcompress.patterns.pattern import Pattern


@dataclasses.dataclass(frozen=True)
class Block(Pattern):
    """Blocks of `shape` are kept or removed together, by the mean of their scores.

    The shape is that of the last axes of the weight: `Block((4, 1))` takes 4
    consecutive inputs of one output, in a `Dense` kernel `(inputs, units)` and in a
    `Conv2D` kernel `(height, width, inputs, filters)`. These are the blocks for which
    LiteRT has sparse kernels for dense layers: about 6 times faster at 90 %. Blocks
    cost accuracy: a good weight goes with its weak neighbours.

    Args:
        shape: Tuple of positive integers, which must divide the weight's last axes.

    Raises:
        ValueError: If `shape` is no such tuple, or, in `check`, does not divide.

    Example:

    >>> Block((2, 1)).pool(np.array([[1.0, 0.0], [3.0, 8.0], [5.0, 2.0], [7.0, 6.0]]))
    array([[2., 4.],
           [6., 4.]])

    References:
        - [Narang et al., 2017](https://arxiv.org/abs/1711.02782)
    """

    shape: tuple[int, ...]

    def __post_init__(self):
        if not isinstance(self.shape, (tuple, list)) or not self.shape:
            rule = "be a tuple of positive integers, such as (4, 1)"
            raise _checks.error("shape", rule, self.shape)
        shape = tuple(_checks.integer("shape", size) for size in self.shape)
        object.__setattr__(self, "shape", shape)  # frozen for everybody else

    def check(self, name, shape):
        blocks = (1,) * (len(shape) - len(self.shape)) + self.shape
        if len(blocks) > len(shape) or any(np.mod(shape, blocks)):
            rule = f"divide the last axes of {name!r}, a weight of shape {tuple(shape)}"
            remedy = "Choose other blocks, or other weights by `which`."
            raise _checks.error("shape", rule, self.shape, remedy=remedy)

    def cut(self, shape):
        first = len(shape) - len(self.shape)
        cut = list(shape[:first])
        for size, block in zip(shape[first:], self.shape, strict=True):
            cut += [size // block, block]
        return tuple(cut), tuple(range(first + 1, len(cut), 2))
