"""Outputs of changed copies of a model, computed from the first change on."""

import keras
import numpy as np
from keras import ops

from tfcompress.conversion.clone import clone, refuse_subclassed
from tfcompress.graph_config import graph_config

BATCH = 250


class Activations:
    """What flows through a model on some examples, kept where a changed copy begins.

    A copy gives the same values as the model up to its first changed layers. So of the
    model those values are computed once that go into a changed layer, or around it,
    and of the copy the rest. Values are computed from those of the place before, where
    all paths lead through it: layer after layer, the model is run once in all.

    A model that uses a layer twice, or has several outputs or named inputs, is run as
    a whole.

    Args:
        model: A built Sequential or Functional model.
        x: Examples, as it takes them.
    """

    def __init__(self, model, x):
        refuse_subclassed(model)
        # A copy: a layer of the user's may have been called in other graphs before.
        self.model = clone(model, lambda layer: None)
        self.x = x
        # By names inputs may come in another order than the graph has them.
        plain = _is_plain(self.model) and not isinstance(x, dict)
        self._graph = _Graph(self.model) if plain else None
        self._place, self._values = None, None
        self.outputs = _run(self.model, x)

    def outputs_of(self, changed) -> np.ndarray:
        """Returns the outputs of `changed`, a copy of the model with other layers."""
        if self._graph is None:
            return _run(changed, self.x)
        names = self._changed(changed)
        if not names:
            return self.outputs
        place = self._graph.place_before(names)
        copy = _Graph(changed)
        tail = keras.Model([copy.tensors[key] for key in place], changed.outputs)
        return _run(tail, self._values_at(place))

    def _changed(self, changed):
        copies = {op.name: op for op in _operations(changed)}
        return {
            op.name
            for op in _operations(self.model)
            if not _is_same(op, copies[op.name])
        }

    def _values_at(self, place):
        if place != self._place:
            begin, values = self._place, self._values
            if begin is None or not self._graph.leads_through(begin, place):
                begin, values = self._graph.inputs, keras.tree.flatten(self.x)
            tensors = self._graph.tensors
            known = dict(zip(begin, values, strict=True))
            between = [key for key in place if key not in known]
            if between:
                part = keras.Model(
                    [tensors[key] for key in begin], [tensors[key] for key in between]
                )
                made = _run(part, values)
                made = made if isinstance(made, list) else [made]
                known |= dict(zip(between, made, strict=True))
            self._place, self._values = place, [known[key] for key in place]
        return self._values


class _Graph:
    """The tensors of a model under keys that are those of any copy of it too."""

    def __init__(self, model):
        self.operations = _operations(model)
        self.inputs = [("input", i) for i in range(len(model.inputs))]
        self.tensors = dict(zip(self.inputs, model.inputs, strict=True))
        for op in self.operations:
            for i, tensor in enumerate(keras.tree.flatten(op.output)):
                self.tensors[op.name, i] = tensor
        # Not an input layer's own key: what it gives is the model's input.
        self._keys = {id(t): key for key, t in reversed(self.tensors.items())}

    def place_before(self, names):
        """Returns the keys of what goes into the named operations, and around them."""
        after, place = set(names), {}
        for op in self.operations:
            sources = self._sources(op)
            if op.name in names or any(source in after for source, _ in sources):
                after.add(op.name)
                place |= dict.fromkeys(s for s in sources if s[0] not in after)
        return list(place)

    def leads_through(self, begin, place):
        """Whether all paths from the inputs to `place` lead through `begin`."""
        by_name = {op.name: op for op in self.operations}
        waiting, seen = [key for key in place if key not in begin], set()
        while waiting:
            key = waiting.pop()
            if key in self.inputs:
                return False
            for source in self._sources(by_name[key[0]]):
                if source not in begin and source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return True

    def _sources(self, op):
        return [self._keys[id(t)] for t in keras.tree.flatten(op.input)]


def _operations(model):
    operations = getattr(model, "operations", model.layers)
    return [op for op in operations if not isinstance(op, keras.layers.InputLayer)]


def _is_plain(model):
    """Whether each operation has one place in the graph, and the graph one end."""
    if len(model.outputs) != 1:
        return False
    if isinstance(model, keras.Sequential):
        return True
    nodes = [len(layer["inbound_nodes"]) for layer in graph_config(model)["layers"]]
    return max(nodes) <= 1


def _is_same(op, copy):
    if type(op) is not type(copy):
        return False
    if not isinstance(op, keras.Layer):
        return True
    first, second = op.weights, copy.weights
    if [tuple(v.shape) for v in first] != [tuple(v.shape) for v in second]:
        return False
    return op.get_config() == copy.get_config() and all(
        np.array_equal(ops.convert_to_numpy(a), ops.convert_to_numpy(b))
        for a, b in zip(first, second, strict=True)
    )


def _run(model, x):
    """Returns the outputs for all examples, as arrays; without compiling anything."""
    count = len(keras.tree.flatten(x)[0])
    runs = []
    for begin in range(0, count, BATCH):
        part = keras.tree.map_structure(lambda a, b=begin: a[b : b + BATCH], x)
        made = model(part, training=False)
        runs.append([ops.convert_to_numpy(t) for t in keras.tree.flatten(made)])
    joined = [np.concatenate(arrays) for arrays in zip(*runs, strict=True)]
    return joined[0] if len(joined) == 1 else joined
