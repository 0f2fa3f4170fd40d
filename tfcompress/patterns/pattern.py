"""What every pattern answers: which weights live and die together."""

import dataclasses
from typing import ClassVar

import numpy as np
from keras import ops

from tfcompress.described import Described
from tfcompress.ops.keep_largest import keep_largest


@dataclasses.dataclass(frozen=True)
class Pattern(Described):
    """The shape of the holes that pruning makes in a weight.

    A pattern cuts a weight into groups of equal size. Pruning compares the pooled
    scores of the groups, keeps the best groups, and expands that choice to the
    weight. A subclass is a frozen dataclass; it defines `cut`, and may define
    `check` and `pool`. Where it depends on the other groups which one may go, it is
    not `free`, and defines `check_final` and `choose`.
    """

    free: ClassVar[bool] = True

    def check(self, name: str, shape: tuple[int, ...]) -> None:
        """Raises a `ValueError` if the weight `name` of `shape` cannot be cut so."""

    def check_final(self, sparsity: float) -> None:
        """Raises a `ValueError` if the pattern is not whole at that final sparsity."""

    def cut(self, shape):
        """Returns how a weight of `shape` falls into groups.

        Returns:
            Two tuples: a shape of as many elements, and those of its axes along which
            the members of a group lie.
        """
        raise NotImplementedError

    def reduce(self, array, how):
        """Returns `how(members, axis=...)` of each group, such as `np.any`."""
        array = np.asarray(array)
        shape, members = self.cut(array.shape)
        return how(array.reshape(shape), axis=members)

    def expand(self, groups, shape):
        """Returns an array of `shape`: each weight with the value of its group."""
        cut, members = self.cut(shape)
        return np.broadcast_to(np.expand_dims(groups, members), cut).reshape(shape)

    def pool(self, scores):
        """Returns one score for each group: the mean of its members'."""
        return self.reduce(scores, np.mean)

    def spread(self, tensor):
        """Returns a tensor in which each weight has the mean of its group.

        It is what `pool` and `expand` make together, within a compiled step.
        """
        cut, members = self.cut(tuple(tensor.shape))
        if not members:
            return tensor
        means = ops.mean(ops.reshape(tensor, cut), axis=members, keepdims=True)
        return ops.reshape(ops.broadcast_to(means, cut), tensor.shape)

    def choose(self, scores, alive, sparsity):
        """Returns which groups are kept, of weights that are compared with each other.

        Args:
            scores: List of arrays, the pooled scores of each weight.
            alive: List of bool arrays of the same shapes; what is False stays removed.
            sparsity: Float in [0, 1), the share of all groups that is removed.
        """
        return keep_largest(scores, alive, sparsity)
