"""A `.h5` file of legacy Keras: its config, and its weights."""

import json

import h5py
import numpy as np

from tfcompress.interop.graph import INPUT, Graph
from tfcompress.interop.weights import check_shapes, set_weights

CONFIG = "model_config"
WEIGHTS = "model_weights"


def config(file: h5py.File) -> dict:
    """Returns the config of the model in an open file."""
    return json.loads(_text(file.attrs[CONFIG]))


def assign(graph: Graph, model, file: h5py.File) -> None:
    """Gives a Keras 3 `model`, made of `graph`, the weights in an open file.

    Raises:
        ValueError: A layer has other weights; the error names it.
    """
    for layer, name, wanted, stored in _pairs(graph, model, file):
        set_weights(layer, name, wanted, [np.asarray(one) for one in stored])


def check(graph: Graph, model, file: h5py.File) -> None:
    """Raises as `assign` does, without a value being read or changed."""
    for pair in _pairs(graph, model, file):
        check_shapes(*pair)


def _pairs(graph, model, file):
    """Yields each layer, its name, its variables, and the arrays stored for them."""
    groups = file[WEIGHTS]
    for name, part in graph.layers.items():
        if part.kind == INPUT:
            continue
        layer = model.get_layer(name)
        group = groups[part.origin or name]
        trained, others = _variables(part, layer)
        yield layer, name, [*trained, *others], [group[one] for one in _names(group)]


def _variables(part, layer):
    """Returns the variables of a layer in the order of the file: trained, and others.

    In a nested model that runs through all its layers, and its layers in the order of
    the file, which need not be the one in Keras 3.
    """
    if not isinstance(part, Graph):
        return layer.trainable_weights, layer.non_trainable_weights
    found = [
        _variables(inner, layer.get_layer(name))
        for name, inner in part.layers.items()
        if inner.kind != INPUT
    ]
    return [[v for pair in found for v in pair[which]] for which in (0, 1)]


def _names(group):
    """Returns the names of the weights of a layer, in order."""
    if "weight_names" in group.attrs:
        return [_text(name) for name in group.attrs["weight_names"]]
    names, number = [], 0  # in parts, where they are too many for one attribute
    while f"weight_names{number}" in group.attrs:
        names += [_text(name) for name in group.attrs[f"weight_names{number}"]]
        number += 1
    return names


def _text(value) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
