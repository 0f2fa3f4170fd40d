"""Examples that a user gives for a model, and labels of them, checked before use."""

import keras
import numpy as np

from tfcompress import _checks


def examples(name: str, x, model=None):
    """Returns `x` as arrays, if they are examples that `model` takes.

    Args:
        name: What the user calls them.
        x: An array, or a list or dictionary of arrays, with as many examples in each.
        model: A Keras model, or None where it is not known what they are for.

    Raises:
        ValueError: If there are none, or not as many for each input; if they hold
            something else than finite numbers (or texts, for a model of texts); or if
            their shapes are others than the model takes.
    """
    arrays = _arrays(name, x)
    leaves = keras.tree.flatten(arrays)
    counts = {len(leaf) for leaf in leaves if leaf.ndim}
    if len(counts) != 1 or counts == {0} or not all(leaf.ndim for leaf in leaves):
        rule = "hold examples, at least one, and as many for each input of the model"
        raise _checks.error(name, rule, [leaf.shape for leaf in leaves])
    inputs = _inputs(arrays, model)
    if inputs is not None and len(inputs) != len(leaves):
        rule = f"hold arrays for the {len(inputs)} inputs of the model"
        raise _checks.error(name, rule, f"{len(leaves)}")
    for leaf, tensor in zip(leaves, inputs or [None] * len(leaves), strict=True):
        _check(name, leaf, tensor)
    return arrays


def pair(name: str, data) -> tuple:
    """Returns `data` if it is a pair `(x, y)`."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise _checks.error(name, "be a pair (x, y)", type(data).__name__)
    return tuple(data)


def labels(name: str, y, *, count: int, classes: int) -> np.ndarray:
    """Returns `y`, class indices or one-hot rows for the examples, as indices.

    Args:
        name: What the user calls them, or the pair that they are in.
        y: An array.
        count: How many examples there are.
        classes: How many outputs the model has; of 1, there are two classes.

    Raises:
        ValueError: If there is not one for each, or one that no output is of.
    """
    try:
        y = np.asarray(y)
    except ValueError as fault:
        raise _checks.error(name, f"hold labels ({fault})", type(y).__name__) from fault
    one_hot = y.ndim == 2 and y.shape[1] == classes > 1
    found = y.argmax(-1) if one_hot else y.reshape(-1)
    if not len(found) or len(found) != count:
        rule = f"have one label for each of the {count} examples"
        raise _checks.error(name, rule, y.shape)
    numbers = y.dtype.kind in "biuf"
    if not numbers or not np.isfinite(y).all() or (found != np.floor(found)).any():
        rule = "have labels that are classes: whole numbers, or one-hot rows"
        raise _checks.error(name, rule, y.dtype.name)
    last = max(classes, 2) - 1
    outside = found[(found < 0) | (found > last)]
    if len(outside):
        rule = f"have labels from 0 to {last}, the classes that the model tells apart"
        raise _checks.error(name, rule, outside[0].item())
    return found


def _arrays(name, x):
    try:
        arrays = keras.tree.map_structure(np.asarray, x)
        leaves = keras.tree.flatten(arrays)
        if isinstance(x, (list, tuple)) and leaves and not any(a.ndim for a in leaves):
            arrays = np.asarray(x)  # one array, written as a list of numbers
    except (TypeError, ValueError) as fault:
        rule = f"hold arrays ({fault})"
        raise _checks.error(name, rule, type(x).__name__) from fault
    if not leaves:
        raise _checks.error(name, "hold examples", x)
    return arrays


def _inputs(arrays, model):
    """Returns the inputs of `model` in the order of the arrays; None if not known."""
    if isinstance(model, keras.Sequential):
        return list(model.inputs or []) or None
    inputs = getattr(model, "inputs", None) if isinstance(model, keras.Model) else None
    if not inputs or not isinstance(arrays, dict):
        return inputs
    named = {tensor.name: tensor for tensor in inputs}
    if set(arrays) != set(named):
        return None  # by the structure that the model was made with
    return [named[key] for key in sorted(arrays)]  # as Keras flattens them


def _check(name, array, tensor):
    texts = (
        array.dtype.kind in "SUO" and tensor is not None and tensor.dtype == "string"
    )
    if array.dtype.kind not in "biuf" and not texts:
        remedy = "Of a data set take examples: `next(iter(dataset.batch(200)))`."
        raise _checks.error(name, "hold numbers", array.dtype.name, remedy=remedy)
    if tensor is not None and not _fits(array.shape, tuple(tensor.shape)):
        rule = f"have shape {tuple(tensor.shape)} for the input {tensor.name!r}"
        raise _checks.error(name, rule, array.shape)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        bad = int(array.size - np.isfinite(array).sum())
        rule = "hold finite numbers only"
        raise _checks.error(name, rule, f"{bad} of {array.size} are not")


def _fits(shape, wanted):
    # Keras adds a last axis of 1, or takes it away.
    forms = [shape, (*shape, 1)] + [shape[:-1]] * (shape[-1] == 1)
    return any(
        len(form) == len(wanted)
        and all(a == b or b is None for a, b in zip(form[1:], wanted[1:], strict=True))
        for form in forms
    )
