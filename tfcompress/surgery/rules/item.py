"""The rule of a part of a tensor, such as the last step of a sequence."""

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.rule import Rule


class Item(Rule):
    """`x[key]` with all channels in it: their axis is taken whole."""

    def couple(self, call, inputs, trace):
        [channels, *others] = inputs
        if channels is None:
            return self.refuse(others, trace, f"{self.part} needs them all")
        axis = None
        if not others and len(call.args) == 2:
            axis = _axis_left(call.args[1], len(call.inputs[0].shape), channels.axis)
        if axis is None:
            return super().couple(call, inputs, trace)
        return [Channels(axis, channels.ids)]

    def constants(self, use, values, threshold):
        return [values[0] for _ in use.outputs]


def _axis_left(key, rank, axis):
    """Returns where `key` leaves an axis, or None if it does not leave all of that.

    The key is as a model's configuration has it: slices and ellipses are dictionaries.
    """
    entries = list(key) if isinstance(key, (list, tuple)) else [key]
    kinds = [_kind(entry) for entry in entries]
    if None in kinds:
        return None
    rest = rank - sum(kind in ("place", "part", "all") for kind in kinds)
    at = kinds.index("rest") if "rest" in kinds else len(kinds)
    kinds[at : at + 1] = ["all"] * rest
    before = after = 0
    for kind in kinds:
        if kind != "new" and before == axis:
            return after if kind == "all" else None
        before += kind != "new"
        after += kind != "place"
    return None


def _kind(entry):
    """Returns what an entry of a key does to an axis, None if that is not known."""
    if entry is None:
        return "new"
    if isinstance(entry, int) and not isinstance(entry, bool):
        return "place"
    name = entry.get("class_name") if isinstance(entry, dict) else None
    if name == "__slice__":
        return "part" if any(v is not None for v in entry["config"].values()) else "all"
    return "rest" if name == "__ellipsis__" else None
