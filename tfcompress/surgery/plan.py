"""What leaves a model, and what stays for which reason."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.conversion.clone import clone
from tfcompress.finite_weights import check_finite
from tfcompress.surgery import slots
from tfcompress.surgery.choice import chosen
from tfcompress.surgery.cut import Cut
from tfcompress.surgery.dead import Life
from tfcompress.surgery.follow import follow
from tfcompress.surgery.groups import Group, groups_of
from tfcompress.surgery.table import text
from tfcompress.surgery.twins import merge_twins


@dataclasses.dataclass(frozen=True, eq=False)
class Decision:
    """What becomes of one group of channels.

    Attributes:
        group: The `Group`.
        stays: Boolean, for each channel.
        reason: Why no channel leaves, or why some stay that do nothing; else None.
    """

    group: Group
    stays: np.ndarray
    reason: str | None


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """What `shrink` is going to do: print it to see what stays, and why.

    Attributes:
        model: The model.
        decisions: A `Decision` for each group of channels.
    """

    model: keras.Model
    decisions: tuple[Decision, ...]
    life: Life
    source: keras.Model

    def apply(self, *, optimizer: bool = True) -> keras.Model:
        """Returns the smaller model; `optimizer` as in `shrink`."""
        _checks.boolean("optimizer", optimizer)
        stays = np.ones(len(self.life.channel), bool)
        for decision in self.decisions:
            stays[decision.group.ids] = decision.stays
        cut = Cut(self.life, stays[self.life.channel])
        small, carried = cut.apply(self.source)
        if optimizer and self.model.compiled:
            origin = zip(self.source.weights, self.model.weights, strict=True)
            origin = {id(copy): variable for copy, variable in origin}
            slots.carry(self.model, small, [one.of(origin) for one in carried])
        return small

    def __str__(self):
        return text(self)


def plan(
    model, *, threshold=0.0, round_to=1, keep=None, merge=False, approximate=False
) -> Plan:
    """Returns what `shrink` would do with the same arguments.

    Args:
        model: As in `shrink`, and so on.

    Raises:
        ValueError: As in `shrink`.

    Example:

    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="a"),
    ...     keras.layers.LayerNormalization(name="norm"), keras.layers.Dense(2, name="b")])
    >>> for decision in tfc.surgery.plan(model).decisions:
    ...     print(decision.group.name, decision.reason)
    a LayerNormalization 'norm' normalizes over them: not exact
    b outputs of the model
    """
    threshold = _checks.number("threshold", threshold, low=0)
    round_to = _checks.integer("round_to", round_to)
    _checks.boolean("merge", merge)
    _checks.boolean("approximate", approximate)
    trace = follow(model, approximate=approximate)
    check_finite("model", model)  # nothing is above a threshold of NaN, nor below it
    source = model
    if merge:
        source = clone(model, lambda layer: None)
        merge_twins(source, approximate=approximate)
        trace = follow(source, approximate=approximate)
    life = Life(trace, threshold)
    groups = groups_of(trace)
    needed = [life.needed[group.ids] for group in groups]
    stays = chosen(groups, needed, keep, round_to)
    decisions = (
        Decision(group, mine, _reason(group, mine, alive, life))
        for group, mine, alive in zip(groups, stays, needed, strict=True)
    )
    return Plan(model, tuple(decisions), life, source)


def _reason(group, stays, alive, life):
    if not group.is_free:
        return group.reason
    if not alive.any():
        return "none does anything, but a layer needs one"
    stuck = int((life.stuck[group.ids] & stays & alive).sum())
    if stuck:
        return f"{stuck} constant, but not everywhere for what reads them"
    idle = int((stays & ~alive).sum())
    return f"{idle} that do nothing fill up the width" if idle else None
