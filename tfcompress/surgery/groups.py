"""Channels that must leave together, and every weight that they run through."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.surgery.follow import follow
from tfcompress.surgery.part import Part
from tfcompress.surgery.trace import Trace
from tfcompress.surgery.union import Union


@dataclasses.dataclass(frozen=True, eq=False)
class Member:
    """One axis of one weight that channels of a group run along.

    Attributes:
        layer: The layer, as the model knows it.
        weight: Its weight, as a path of attributes: `"kernel"`, `"cell.bias"`.
        axis: The axis of the weight.
        channels: For each place along the axis the number of its channel in the group,
            or -1 if what is there belongs to no channel of the group.
        role: `"makes"` for a weight that makes the channels (the last axis of a
            kernel), `"reads"` for one that mixes them into others (its first axis),
            `"carries"` for one that goes along with each (a bias, the scale of a batch
            normalization, a depthwise kernel).
    """

    layer: keras.Operation
    weight: str
    axis: int
    channels: np.ndarray
    role: str

    @property
    def variable(self):
        """The weight itself: a variable, or what the kernel of a host computes."""
        return Part(self.layer).get(self.weight)

    def values(self) -> np.ndarray:
        """Returns the weight as an array in float32."""
        return Part(self.layer).array(self.weight)

    def norms(self, size: int) -> np.ndarray:
        """Returns the sum of squares of what each of `size` channels has here."""
        values = np.moveaxis(self.values().astype("float64"), self.axis, 0)
        squares = (values.reshape(len(values), -1) ** 2).sum(1)
        inside = self.channels >= 0
        return np.bincount(self.channels[inside], squares[inside], minlength=size)


@dataclasses.dataclass(frozen=True, eq=False)
class Group:
    """Channels of layers that are joined, so that one leaves from all or from none.

    The channels of a group are numbered 0, 1, ..., `size - 1`.

    Attributes:
        sources: The names of what makes the channels, layers mostly; the first is the
            name of the group. `"attention/heads"` is the heads of a layer.
        size: The number of channels.
        members: All `Member`s.
        reason: Why no channel can leave; None if any can but the last.
        units: For each source the channel of each of its units.
        ids: The numbers of the channels in the trace of the model.
    """

    sources: tuple[str, ...]
    size: int
    members: tuple[Member, ...]
    reason: str | None
    units: dict[str, np.ndarray]
    ids: np.ndarray

    @property
    def name(self) -> str:
        return self.sources[0]

    @property
    def is_free(self) -> bool:
        """Whether channels can leave."""
        return self.reason is None

    def roles(self, role: str) -> list[Member]:
        """Returns the members with `role`."""
        return [member for member in self.members if member.role == role]

    def norms(self) -> np.ndarray:
        """Returns the l2 norm of the weights that make each channel."""
        made = self.roles("makes")
        return np.sqrt(sum((m.norms(self.size) for m in made), np.zeros(self.size)))


def coupled_groups(model, *, approximate: bool = False) -> list[Group]:
    """Returns the groups of channels of `model`, in the order of its layers.

    Layers whose outputs are added share a group, and with them all that normalizes,
    pools or reads these channels. `Group.is_free` tells whether channels can leave, and
    `Group.reason` why not.

    Args:
        model: A built Sequential or Functional `keras.Model`.
        approximate: If True, layer normalizations let channels leave, although the
            mean and variance of those that stay are others.

    Raises:
        ValueError: If `model` is subclassed, so that its graph is not known, or not
            built.

    Example:

    The first layer and the second are added; the third makes the outputs.

    >>> inputs = keras.Input((4,))
    >>> x = keras.layers.Dense(8, name="first")(inputs)
    >>> x = keras.layers.Add()([x, keras.layers.Dense(8, name="second")(x)])
    >>> model = keras.Model(inputs, keras.layers.Dense(2, name="third")(x))
    >>> for group in tfc.surgery.coupled_groups(model):
    ...     print(group.sources, group.size, group.reason)
    ('first', 'second') 8 None
    ('third',) 2 outputs of the model
    """
    _checks.boolean("approximate", approximate)
    return groups_of(follow(model, approximate=approximate))


def groups_of(trace: Trace) -> list[Group]:
    """Returns the groups that a trace has found."""
    sources = [source for source in trace.sources.values() if len(source.ids)]
    channels = trace.union.roots(range(len(trace.union)))
    union = Union()
    union.add(len(channels))
    for source in sources:
        roots = channels[source.ids]
        union.unite(roots[1:], roots[:-1])
    group_of = union.roots(channels)
    reasons = {}
    for number in sorted(trace.reasons):
        reasons.setdefault(int(group_of[number]), trace.reasons[number])
    found = []
    for root in dict.fromkeys(int(group_of[source.ids[0]]) for source in sources):
        mine = np.unique(channels[group_of == root])
        number = np.full(len(channels) + 1, -1)  # the last for FIXED
        inside = group_of == root
        number[:-1][inside] = np.searchsorted(mine, channels[inside])
        own = [source for source in sources if group_of[source.ids[0]] == root]
        members = [
            Member(
                place.part.layer,
                place.part.name(place.weight),
                place.axis,
                number[place.ids],
                place.role,
            )
            for place in trace.places.values()
            if (number[place.ids] >= 0).any() and place.part.has(place.weight)
        ]
        found.append(
            Group(
                tuple(source.name for source in own),
                len(mine),
                tuple(members),
                reasons.get(root),
                {source.name: number[source.ids] for source in own},
                mine,
            )
        )
    return found
