"""What leaves a model, and what stays for which reason."""

import dataclasses

import numpy as np

from tfcompress import _checks
from tfcompress.surgery import slots
from tfcompress.surgery.choice import chosen
from tfcompress.surgery.cut import Cut
from tfcompress.surgery.dead import Life
from tfcompress.surgery.follow import follow
from tfcompress.surgery.groups import Group, groups_of


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    model: object
    groups: tuple[Group, ...]
    stays: tuple[np.ndarray, ...]
    life: Life

    def apply(self, *, optimizer: bool = True):
        _checks.boolean("optimizer", optimizer)
        stays = np.ones(len(self.life.channel), bool)
        for group, mine in zip(self.groups, self.stays, strict=True):
            stays[group.ids] = mine
        small, carried = Cut(self.life, stays[self.life.channel]).apply(self.model)
        if optimizer and self.model.compiled:
            slots.carry(self.model, small, carried)
        return small


def plan(model, *, threshold=0.0, round_to=1, keep=None, approximate=False) -> Plan:
    threshold = _checks.number("threshold", threshold, low=0)
    round_to = _checks.integer("round_to", round_to)
    _checks.boolean("approximate", approximate)
    trace = follow(model, approximate=approximate)
    life = Life(trace, threshold)
    groups = groups_of(trace)
    needed = [life.needed[group.ids] for group in groups]
    stays = chosen(groups, needed, keep, round_to)
    return Plan(model, tuple(groups), tuple(stays), life)
