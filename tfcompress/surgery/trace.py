"""What is found out about a graph: whose channels are whose, and where they are."""

import dataclasses

import numpy as np

from tfcompress.surgery.channels import FIXED, Channels
from tfcompress.surgery.graph import Call
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.rule import Rule
from tfcompress.surgery.union import Union

FIXED_PARTNER = "joined with channels that cannot leave"


@dataclasses.dataclass(frozen=True, eq=False)
class Place:
    """One axis of one weight, and the channel at each place along it.

    Args:
        part: The `Part` that has the weight.
        weight: Its name there.
        axis: The axis.
        ids: The numbers of the channels, `FIXED` where nothing can leave.
        role: `"makes"` where the weight makes the channels, `"reads"` where it mixes
            them into others, `"carries"` where it goes along with each.
    """

    part: Part
    weight: str
    axis: int
    ids: np.ndarray
    role: str


@dataclasses.dataclass(frozen=True, eq=False)
class Source:
    """A set of channels that a layer makes, and what of it they are."""

    part: Part
    what: str
    ids: np.ndarray

    @property
    def name(self) -> str:
        """The name of the layer, and of what is meant in it where that is not all."""
        inside = [*self.part.path.split("."), self.what]
        inside = [
            name for name in inside if name not in ("", "units", "inputs", "layer")
        ]
        return "/".join([self.part.layer.name, *inside])


@dataclasses.dataclass(frozen=True, eq=False)
class Use:
    """One call with the channels that go in and come out."""

    rule: Rule
    call: Call
    inputs: list[Channels | None]
    outputs: list[Channels | None]


class Trace:
    """Collects what the rules of the layers say, call by call.

    Args:
        rule_for: A function from a `Part` to its `Rule`.
        approximate: If True, layers that normalize over channels let them leave,
            although what remains is then normalized otherwise.
    """

    def __init__(self, rule_for, approximate: bool = False):
        self._rule_for = rule_for
        self._rules: dict[Part, Rule] = {}
        self.approximate = approximate
        self.union = Union()
        self.places: dict[tuple, Place] = {}
        self.sources: dict[tuple, Source] = {}
        self.shapes: dict[Part, Channels] = {}
        self.uses: list[Use] = []
        self.reasons: dict[int, str] = {}
        self.ends: list[Channels] = []

    def rule(self, part: Part) -> Rule:
        """Returns the rule of `part`, the same one at each call."""
        if part not in self._rules:
            self._rules[part] = self._rule_for(part)
        return self._rules[part]

    def apply(self, rule: Rule, call: Call, inputs: list) -> list[Channels | None]:
        """Returns what comes out of `call`, after `rule`."""
        made = [
            # Known apart from the input: as the same channels, of other values.
            dataclasses.replace(one) if one and one in inputs else one
            for one in rule.couple(call, inputs, self)
        ]
        self.uses.append(Use(rule, call, inputs, made))
        return made

    def make(self, part: Part, what: str, count: int) -> np.ndarray:
        """Returns the ids of the `count` channels that `part` makes, once for all."""
        key = (part, what)
        if key not in self.sources:
            self.sources[key] = Source(part, what, self.union.add(count))
        return self.sources[key].ids

    def place(self, part: Part, weight: str, axis: int, ids, role: str):
        """Says that the channels `ids` are along an axis of a weight.

        Of a bias that the layer has not got, too: it may be given one.
        """
        if ids is None:
            return
        key = (part, weight, axis)
        if key in self.places:  # a shared layer: what goes in must leave together
            self.unite(self.places[key].ids, ids)
        else:
            self.places[key] = Place(part, weight, axis, ids, role)

    def shape(self, part: Part, made: Channels):
        """Says that the configuration of `part` states how many channels it gives."""
        before = self.shapes.setdefault(part, made)
        if before is not made:
            self.unite(before.ids, made.ids)

    def read(self, channels: Channels | None, axis: int, part: Part):
        """Returns the ids along `axis`, or None; channels elsewhere cannot leave."""
        if channels is None:
            return None
        if channels.axis != axis:
            self.fix(channels.ids, f"{part} works along another axis")
            return None
        return channels.ids

    def unite(self, first, second):
        """Says that the channels of two equally long arrays are the same ones."""
        if first is None or second is None:
            for ids in (first, second):
                if ids is not None:
                    self.fix(ids, FIXED_PARTNER)
            return
        both = (first != FIXED) & (second != FIXED)
        self.union.unite(first[both], second[both])
        for ids in (first, second):
            self.fix(ids[~both], FIXED_PARTNER)

    def end(self, channels: Channels):
        """Says that these are outputs of the model."""
        self.ends.append(channels)
        ids = channels.ids[channels.ids != FIXED].tolist()
        # Whatever else there may be to say: this is what is meant to be.
        self.reasons.update(dict.fromkeys(ids, "outputs of the model"))

    def fix(self, ids, reason: str):
        """Says that channels cannot leave; the first reason is the one that counts."""
        for number in ids[ids != FIXED]:
            self.reasons.setdefault(int(number), reason)
