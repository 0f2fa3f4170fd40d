"""Which groups of channels a callback works on."""

from fnmatch import fnmatchcase

import keras

from tfcompress import _checks
from tfcompress.surgery.groups import coupled_groups


def channel_groups(model, which=None):
    """Returns the groups that `which` names and that can lose channels by masks.

    Args:
        model: A built Sequential or Functional `keras.Model`.
        which: None for all; or the name of a layer that makes the channels, a glob, or
            a list of these.

    Raises:
        ValueError: If there are none, or a name names none.
        TypeError: If `which` is none of these.
    """
    groups = coupled_groups(model)
    reasons = [_reason(group) for group in groups]
    if which is None:
        free = [g for g, reason in zip(groups, reasons, strict=True) if not reason]
        if not free:
            rule = "have channels that can leave"
            raise _checks.error("model", rule, [g.name for g in groups])
        return free
    chosen = {}
    for rule in _checks.names("which", which, "names of layers, or globs"):
        named = [
            (group, reason)
            for group, reason in zip(groups, reasons, strict=True)
            if any(fnmatchcase(source, rule) for source in group.sources)
        ]
        free = [group for group, reason in named if not reason]
        if not free:
            why = "; ".join(f"{g.name}: {reason}" for g, reason in named)
            remedy = why or f"There are: {', '.join(g.name for g in groups)}."
            rule_text = "name layers whose channels can leave"
            raise _checks.error("which", rule_text, rule, remedy=remedy)
        chosen |= {id(group): group for group in free}
    return list(chosen.values())


def check_names(which):
    """Returns `which`, if it is None, a name, a glob, or a list of these."""
    if which is not None:
        _checks.names("which", which, "names of layers, or globs")
    return which


def _reason(group):
    """Returns why no channel of `group` can be removed by masks; None if any can."""
    if not group.is_free:
        return group.reason
    for member in group.roles("makes"):
        if not isinstance(member.variable, keras.Variable):
            return f"{member.layer.name!r} computes its {member.weight} from others"
        if not member.variable.trainable:
            return f"{member.layer.name!r} is frozen"
    return None
