"""Which channels of each group stay."""

import math
import numbers
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import numpy as np

from tfcompress import _checks


def chosen(groups, needed, keep, round_to) -> list[np.ndarray]:
    """Returns for each group a boolean array: which of its channels stay.

    Args:
        groups: The `Group`s of a model.
        needed: For each group a boolean array: which channels do something.
        keep: What the user wants to keep, as in `shrink`, or None.
        round_to: As in `shrink`.
    """
    wishes = _wishes(groups, keep)
    stays = []
    for group, alive in zip(groups, needed, strict=True):
        if not group.is_free:
            stays.append(np.ones(group.size, bool))
        elif isinstance(wishes.get(group), np.ndarray):
            # Of channels that nobody spoke of, those stay that do something.
            asked = np.where(np.isnan(wishes[group]), alive, wishes[group] == 1)
            count = _rounded(int(asked.sum()), group, round_to)
            stays.append(_best(group, 2 * asked + alive, count))
        else:
            count = math.ceil(wishes.get(group, 1.0) * group.size - 1e-9)
            count = max(1, min(count, int(alive.sum())))
            stays.append(_best(group, 1 * alive, _rounded(count, group, round_to)))
    return stays


def _best(group, rank, count):
    """The `count` channels of the highest rank, and of those alike of the largest norm.

    Each layer keeps one, so there may be more.
    """
    order = np.lexsort((-group.norms(), -rank))
    stays = np.zeros(group.size, bool)
    stays[order[:count]] = True
    for units in group.units.values():
        if not stays[units].any():
            stays[next(channel for channel in order if channel in units)] = True
    return stays


def _rounded(count, group, round_to):
    if any(source.endswith("/heads") for source in group.sources):
        return count  # heads are counted, not laid beside each other
    return min(group.size, math.ceil(count / round_to) * round_to)


def _wishes(groups, keep):
    """For each group that is spoken of a ratio, or a boolean array."""
    if keep is None:
        return {}
    rule = "be a mapping from names of layers to units or ratios"
    _checks.instance("keep", keep, Mapping, rule.removeprefix("be "))
    wishes = {}
    for key, wish in keep.items():
        _checks.instance("keep", key, str, rule.removeprefix("be "))
        for group, source in _named(groups, key):
            stays = _wish(group, source, wish)
            before = wishes.get(group, stays)
            if not _agree(before, stays):
                raise _checks.error(
                    "keep",
                    f"say the same of {' and '.join(group.sources)}, whose channels "
                    "leave together",
                    {source: wish},
                )
            if isinstance(stays, np.ndarray):
                stays = np.where(np.isnan(stays), before, stays)
            wishes[group] = stays
    return wishes


def _agree(first, second):
    """Whether two wishes for a group do not say different things of a channel."""
    if isinstance(first, float) or isinstance(second, float):
        return isinstance(first, type(second)) and first == second
    return not (np.abs(first - second) == 1).any()


def _named(groups, key):
    """The groups that `key` names, each with the source that has the name."""
    exact = [(group, key) for group in groups if key in group.sources]
    if exact:
        [(group, _)] = exact
        if not group.is_free:
            raise _checks.error(
                "keep",
                f"name layers whose units can leave; those of {key!r} cannot",
                key,
                remedy=f"The reason: {group.reason}.",
            )
        return exact
    found = [
        (group, source)
        for group in groups
        if group.is_free
        for source in group.sources
        if fnmatchcase(source, key)
    ]
    if not found:
        free = [source for group in groups if group.is_free for source in group.sources]
        remedy = f"Layers whose units can leave are {free}."
        raise _checks.error("keep", "name layers of the model", key, remedy=remedy)
    return found


def _wish(group, source, wish):
    """A ratio, or which channels of the group stay, from what is asked of a source."""
    name, rule = f"keep[{source!r}]", "be a ratio in (0, 1] or the indices of units"
    if isinstance(wish, numbers.Real) and not isinstance(wish, bool):
        return _checks.ratio(name, wish)
    if isinstance(wish, str) or not isinstance(wish, Iterable):
        raise _checks.error(name, rule, wish, kind=TypeError)
    wish = list(wish)
    if any(isinstance(index, (bool, np.bool_)) for index in wish):
        remedy = "For a mask give `np.flatnonzero(mask)`."
        raise _checks.error(name, rule, wish, remedy=remedy, kind=TypeError)
    units = group.units[source]
    last = len(units) - 1
    indices = [_checks.integer(name, index, low=0, high=last) for index in wish]
    if not indices:
        remedy = "A layer needs a unit; to take the layer out, rebuild the model."
        raise _checks.error(name, "keep at least one unit", wish, remedy=remedy)
    stays = np.full(group.size, np.nan)  # of other layers' channels it says nothing
    stays[units] = 0
    stays[units[indices]] = 1
    for other, channels in group.units.items():
        if not stays[channels].any():  # NaN, not spoken of, is as true as 1
            remedy = f"{other!r} would lose all of its units, which leave with these."
            rule = "keep at least one unit of each layer"
            raise _checks.error(name, rule, wish, remedy=remedy)
    together = np.flatnonzero(stays[units] == 1)
    if set(together) != set(indices):
        missing = sorted(set(together.tolist()) - set(indices))
        raise _checks.error(
            name,
            "keep all units that are one channel further on (where a `Reshape` makes "
            f"channels of them, or in a group of a convolution); {missing} are missing",
            wish,
        )
    return stays
