"""What every pattern answers: which weights live and die together."""

import dataclasses

import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class Pattern:
    """The shape of the holes that pruning makes in a weight.

    A pattern cuts a weight into groups of equal size. Pruning compares the pooled
    scores of the groups, keeps the best groups, and expands that choice to the
    weight. A subclass is a frozen dataclass; it defines `reduce` and `expand`, and
    may define `check` and `pool`.
    """

    def check(self, name: str, shape: tuple[int, ...]) -> None:
        """Raises a `ValueError` if the weight `name` of `shape` cannot be cut so."""

    def reduce(self, array, how):
        """Returns `how(members, axis=...)` of each group, such as `np.any`."""
        raise NotImplementedError

    def expand(self, groups, shape):
        """Returns an array of `shape`: each weight with the value of its group."""
        raise NotImplementedError

    def pool(self, scores):
        """Returns one score for each group: the mean of its members'."""
        return self.reduce(scores, np.mean)

    def get_config(self) -> dict:
        """Returns this pattern as a dict of plain values, for JSON."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"pattern": type(self).__name__, **values}

    @staticmethod
    def from_config(config: dict) -> "Pattern":
        """Returns the pattern of any kind that `get_config` described."""
        values = dict(config)
        kinds = {kind.__name__: kind for kind in _subclasses(Pattern)}
        kind = _checks.choice("pattern", values.pop("pattern", None), kinds)
        return kinds[kind](**values)


def _subclasses(kind):
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
