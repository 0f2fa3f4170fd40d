"""Units that compute the same: one of them can speak for all."""

import keras
import numpy as np

from tfcompress.surgery.groups import Group, coupled_groups


def merge_twins(model, *, approximate: bool = False) -> None:
    """Lets one of several units with the same weights speak for them all, in place.

    Units are the same if all that makes them and goes along with them is: columns of
    kernels, biases, batch normalization. What reads the others is added to what reads
    the first, and set to zero: the outputs stay, and the others do nothing any more.
    """
    for group in coupled_groups(model, approximate=approximate):
        if group.is_free and _can_merge(group):
            for first, others in _twins(group).items():
                for member in group.roles("reads"):
                    _move(member, first, others)


def _can_merge(group: Group) -> bool:
    """Whether all that reads the channels adds them up, from plain variables."""
    reads = group.roles("reads")
    return bool(reads) and all(isinstance(m.variable, keras.Variable) for m in reads)


def _twins(group: Group) -> dict[int, list[int]]:
    """The first channel of each kind, and the others that are the same."""
    found = {}
    columns = [_columns(m) for m in group.roles("makes") + group.roles("carries")]
    for channel in range(group.size):
        what = tuple(column[channel] for column in columns)
        found.setdefault(what, []).append(channel)
    return {first: others for first, *others in found.values() if others}


def _columns(member) -> list[bytes]:
    values = np.moveaxis(member.values(), member.axis, 0) + 0.0  # no negative zeros
    return [
        values[member.channels == channel].tobytes()
        for channel in range(member.channels.max() + 1)
    ]


def _move(member, first, others):
    values = np.moveaxis(member.values().copy(), member.axis, 0)
    for other in others:
        values[member.channels == first] += values[member.channels == other]
        values[member.channels == other] = 0
    member.variable.assign(np.moveaxis(values, 0, member.axis))
