"""What the layers of a model multiply their weights with, on a batch."""

import contextlib

import keras
import numpy as np
from keras import ops

from tfcompress.examples import examples
from tfcompress.ops.observed_inputs import ObservedInputs

BATCH = 256


def observe(model, watched, inputs) -> dict:
    """Returns the `ObservedInputs` of weights, by the layer's `id` and their name.

    The model is run on `inputs`, 256 examples at a time, as at inference. A weight
    whose layer is not called, or of which the inputs do not tell, is not in it.

    Args:
        model: A built model.
        watched: Pairs of a Keras layer inside it and the host that it will have.
        inputs: Examples, as the model takes them.
    """
    seen = {}
    arrays = examples("inputs", inputs, model)
    size = len(keras.tree.flatten(arrays)[0])
    with contextlib.ExitStack() as stack:
        for layer, host in watched:
            for name in host.hosted:
                stack.enter_context(_watching(layer, host, name, seen))
        for begin in range(0, size, BATCH):
            model(_part(arrays, begin), training=False)
    return seen


def _part(arrays, begin):
    return keras.tree.map_structure(lambda array: array[begin : begin + BATCH], arrays)


@contextlib.contextmanager
def _watching(layer, host, name, seen):
    """Adds to `seen` what weight `name` of `layer` is multiplied with meanwhile."""
    caller = host.caller_of(layer, name)
    outer, call = caller.__dict__.get("call"), caller.call

    def noting(inputs, *args, **kwargs):
        rows = host.rows_of(layer, name, inputs)
        if rows is not None:
            _note(seen, (id(layer), name), host.weight_of(layer, name), rows)
        return call(inputs, *args, **kwargs)

    caller.call = noting
    try:
        yield
    finally:
        if outer is None:
            del caller.call
        else:
            caller.call = outer


def _note(seen, key, weight, rows):
    rows = ops.convert_to_numpy(rows)
    indexed = rows.dtype.kind == "i"
    if key not in seen:
        features = int(np.prod(weight.shape[:-1]))
        seen[key] = ObservedInputs(features, indexed=indexed)
    seen[key].add(rows)
