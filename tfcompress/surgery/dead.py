"""Which channels of a model do nothing, and what those give that always give the same."""

import functools

import numpy as np

from tfcompress.surgery.channels import FIXED
from tfcompress.surgery.groups import groups_of
from tfcompress.surgery.rules.rule import Reading
from tfcompress.surgery.trace import Trace


class Life:
    """What the channels of a traced model give and whether it is needed.

    A channel is needed if a weight leads from it, perhaps over others, to what cannot
    leave: the outputs of the model first of all. Not if it gives the same number for
    all inputs and the reader has a bias that can hold that.

    Args:
        trace: The `Trace` of the model.
        threshold: Weights of at most this size count as zero.
    """

    def __init__(self, trace: Trace, threshold: float):
        self.trace = trace
        self.threshold = threshold
        self.channel = trace.union.roots(range(len(trace.union)))

    @functools.cached_property
    def values(self) -> dict:
        """The value of each channel of each tensor, NaN where it is not constant."""
        values = {}
        for use in self.trace.uses:
            given = [values.get(channels) for channels in use.inputs]
            made = use.rule.constants(use, given, self.threshold)
            values.update(
                (channels, value)
                for channels, value in zip(use.outputs, made, strict=False)
                if channels is not None
            )
        return values

    @functools.cached_property
    def agreed(self) -> list[tuple]:
        """The first use of each rule, and the values that all its uses agree on."""
        uses = {}
        for use in self.trace.uses:
            uses.setdefault(use.rule, []).append(use)
        return [
            (
                same[0],
                [
                    _agreed(values)
                    for values in zip(*map(self._given, same), strict=True)
                ],
            )
            for same in uses.values()
        ]

    @functools.cached_property
    def readings(self) -> list[Reading]:
        """Every way from channels to others."""
        return [
            reading
            for use, values in self.agreed
            for reading in use.rule.readings(use, values, self.threshold)
            if reading.inputs is not None
        ]

    @functools.cached_property
    def stuck(self) -> np.ndarray:
        """Boolean, for each number: constant where it is read, and still needed."""
        stuck = np.zeros(len(self.channel), bool)
        for reading in self.readings:
            values, ids = self.values.get(reading.inputs), reading.inputs.ids
            if values is not None and reading.foldable is not None:
                held = ~np.isnan(values) & ~reading.foldable & reading.reach.any(1)
                stuck[self.channel[ids[held & (ids != FIXED)]]] = True
        return stuck[self.channel]

    @functools.cached_property
    def needed(self) -> np.ndarray:
        """Boolean, for each number of a channel."""
        needed = np.zeros(len(self.channel), bool)
        for group in groups_of(self.trace):
            if not group.is_free:
                needed[group.ids] = True
        count = -1
        while count != np.count_nonzero(needed):
            count = np.count_nonzero(needed)
            for reading in reversed(self.readings):
                self._spread(reading, needed)
        return needed[self.channel]

    def _spread(self, reading, needed):
        """Marks what is read by something needed."""
        reach = reading.reach
        if reading.outputs is not None:
            ids = reading.outputs.ids
            reach = reach[:, (ids == FIXED) | needed[self.channel[ids]]]
        read = reach.any(1)
        if reading.foldable is not None:
            read &= ~reading.foldable
        ids = reading.inputs.ids[read]
        needed[self.channel[ids[ids != FIXED]]] = True

    def _given(self, use):
        return [self.values.get(channels) for channels in use.inputs]


def _agreed(values):
    first, *others = values
    if first is None or any(other is None for other in others):
        return None
    for other in others:
        first = np.where(first == other, first, np.nan)
    return first
