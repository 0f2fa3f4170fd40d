"""What an optimizer remembers of each variable, carried to a smaller model."""

import dataclasses

import keras

from tfcompress import _checks

# How long before the slot that is named after its variable Adafactor's means of squares
# stand, and the axis over which each is taken.
LACKED = {1: -2, 2: -1}


def carry(model, small, carried):
    """Gives the optimizer of `small` what that of `model` remembers.

    Step count and learning rate go along; of moments and averages, what belongs to
    weights that stayed. Weights that are new start without memory.

    Args:
        model: The compiled model before.
        small: The smaller model, compiled with an optimizer of its own.
        carried: The `Carried` variables.
    """
    if not model.optimizer.built:
        return
    if not small.optimizer.built:
        small.optimizer.build(small.trainable_variables)
    slots = _slots(small)
    became = {id(one.old): one for one in carried}
    for (owner, kind), slot in _slots(model).items():
        one = became.get(owner)
        target = slots.get((one and id(one.new), kind))
        if target is not None:
            values = keras.ops.convert_to_numpy(slot)
            target.assign(values if one is None else _taken(one, values, kind))


def _slots(model):
    """The variables of an optimizer, by what each remembers and which of its kinds.

    Keras names a slot after its variable, whose path is the longest one that fits. Two
    of Adafactor's have the name of the variable alone, and come just before the slot
    that has its path: their kind is how long before.
    """
    paths = {v.path.replace("/", "_"): v for v in model.trainable_variables}
    if len(paths) < len(model.trainable_variables):
        raise _checks.error(
            "model",
            "have variables of different paths, for the slots of its optimizer",
            model.name,
            remedy="Give `optimizer=False`, and compile the smaller model anew.",
        )
    optimizer = model.optimizer
    inner = getattr(optimizer, "inner_optimizer", None)
    slots = {}
    owner, before = None, 0
    for place, slot in reversed(list(enumerate(optimizer.variables))):
        fits = [path for path in paths if f"{path}_" in slot.name]
        path = max(fits, key=len, default=None)
        if path is not None:
            owner, before = paths[path], 0
            slots[id(owner), slot.name.replace(path, "", 1)] = slot
        elif owner is not None and slot.name == owner.name and before < len(LACKED):
            before += 1
            slots[id(owner), before] = slot
        else:
            # Step count and rate come twice where one optimizer wraps another.
            slots[None, slot.name if inner is None else f"{place}"] = slot
    return slots


def _taken(one, values, kind):
    """What stays of a slot that is shaped as its variable, or lacks one axis of it."""
    kept = list(one.kept)
    if kind in LACKED:
        if not values.ndim:
            return values  # in the place of a slot that vectors have not
        del kept[LACKED[kind]]
    return dataclasses.replace(one, kept=tuple(kept)).taken(values)
