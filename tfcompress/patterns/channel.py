"""Whole channels: all weights that make one output."""

import dataclasses

import numpy as np

from tfcompress import _checks
from tfcompress.patterns.pattern import Pattern


@dataclasses.dataclass(frozen=True)
class Channel(Pattern):
    """All weights of one channel are kept or removed together, by their mean score.

    Along the last axis lie the units of a `Dense` kernel and the filters of a
    convolution. The channel's bias stays, so its output becomes constant, not zero,
    and the layer keeps its shape: it is `tfcompress.shrink` that takes dead channels
    out, and only then is the model smaller and faster.

    Args:
        axis: Integer, the axis of the weight along which the channels lie.

    Raises:
        ValueError: If `axis` is no integer, or, in `check`, no axis of the weight.

    Example:

    >>> Channel().pool(np.array([[1.0, 0.0], [3.0, 8.0]]))
    array([2., 4.])

    References:
        - [Li et al., 2016](https://arxiv.org/abs/1608.08710)
    """

    axis: int = -1

    def __post_init__(self):
        axis = _checks.integer("axis", self.axis, low=-8, high=7)
        object.__setattr__(self, "axis", axis)  # frozen for everybody else

    def check(self, name, shape):
        if not -len(shape) <= self.axis < len(shape):
            rule = f"be an axis of {name!r}, a weight of shape {tuple(shape)}"
            raise _checks.error("axis", rule, self.axis)

    def cut(self, shape):
        members = np.delete(np.arange(len(shape)), self.axis)
        return shape, tuple(members.tolist())
