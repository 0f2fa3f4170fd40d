"""What an optimizer remembers of each variable, carried to a smaller model."""

import keras
import numpy as np

from tfcompress import _checks


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
    for (owner, name), slot in _slots(model).items():
        one = became.get(owner)
        target = slots.get((one and id(one.new), name))
        if target is not None:
            values = keras.ops.convert_to_numpy(slot)
            target.assign(values if one is None else _taken(one, values))


def _slots(model):
    """The variables of an optimizer, by what each remembers and which of its kinds.

    Keras names a slot after its variable, whose path is the longest one that fits.
    """
    paths = {v.path.replace("/", "_"): id(v) for v in model.trainable_variables}
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
    for place, slot in enumerate(optimizer.variables):
        fits = [path for path in paths if f"{path}_" in slot.name]
        path = max(fits, key=len, default=None)
        kind = slot.name if path is None else slot.name.replace(path, "", 1)
        # Step count and rate come twice where one optimizer wraps another.
        kind = kind if path or inner is None else f"{place}"
        slots[paths.get(path), kind] = slot
    return slots


def _taken(one, values):
    """What stays of a slot that is shaped as its variable, or lacks one axis of it."""
    shape, kept = tuple(one.old.shape), one.kept
    if values.shape == shape:
        return one.taken(values)
    for axis in reversed(range(len(shape))):
        if values.shape == shape[:axis] + shape[axis + 1 :]:
            rest = kept[:axis] + kept[axis + 1 :]
            for place, stays in enumerate(rest):
                values = values if stays is None else values.compress(stays, place)
            break
    return np.asarray(values)
