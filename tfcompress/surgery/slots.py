"""What an optimizer remembers of each variable, carried to a smaller model."""

import keras
import numpy as np

from tfcompress import _checks


def carry(model, small, carried):
    """Compiles `small` as `model` is, with all that its optimizer remembers.

    Step count and learning rate go along; of moments and averages, what belongs to
    weights that stayed. Weights that are new start without memory.

    Args:
        model: The compiled model before.
        small: The smaller model, compiled with an optimizer of its own.
        carried: The `Carried` variables.
    """
    old, new = _inner(model.optimizer), _inner(small.optimizer)
    if not old.built:
        return
    small.optimizer.build(small.trainable_variables)
    pairs = {id(one.old): one for one in carried}
    slots, own = _slots(old, model), _slots(new, small)
    owned = {(id(variable), name): slot for variable, name, slot in own if variable}
    plain = {name: slot for variable, name, slot in own if not variable}
    for variable, name, slot in slots:
        if not variable:
            plain[name].assign(slot)
            continue
        one = pairs.get(id(variable))
        target = one and owned.get((id(one.new), name))
        if target is not None:
            target.assign(_taken(one, slot))
    if old is not model.optimizer:
        outer = zip(model.optimizer.variables, small.optimizer.variables, strict=True)
        for slot, target in outer:
            if slot.shape == target.shape == ():
                target.assign(slot)


def _inner(optimizer):
    return getattr(optimizer, "inner_optimizer", optimizer)


def _slots(optimizer, model):
    """Yields each variable of an optimizer, with the one it remembers and its name.

    Keras names them after the variable, whose path is the longest one that fits.
    """
    found = []
    paths = {v.path.replace("/", "_"): v for v in model.trainable_variables}
    if len(paths) < len(model.trainable_variables):
        raise _checks.error(
            "model",
            "have variables of different paths, for the slots of its optimizer",
            model.name,
            remedy="Give `optimizer=False`, and compile the smaller model anew.",
        )
    for slot in optimizer.variables:
        fits = [path for path in paths if slot.name.startswith(f"{path}_")]
        path = max(fits, key=len, default="")
        found.append((paths.get(path), slot.name[len(path) :], slot))
    return found


def _taken(one, slot):
    """What stays of a slot that is shaped as its variable, or lacks one axis of it."""
    values = keras.ops.convert_to_numpy(slot)
    shape, kept = tuple(one.old.shape), one.kept
    if values.shape == shape:
        return one.taken(values)
    for axis in reversed(range(len(shape))):
        if values.shape == shape[:axis] + shape[axis + 1 :]:
            rest = kept[:axis] + kept[axis + 1 :]
            for place, stays in enumerate(rest):
                values = values if stays is None else values.compress(stays, place)
            return values
    return np.asarray(values)
