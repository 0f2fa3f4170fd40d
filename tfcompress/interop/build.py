"""The model that Keras, this one or that, makes of a graph."""

import inspect

from tfcompress.interop.graph import (
    INPUT,
    SEQUENTIAL,
    Graph,
    Layer,
    Output,
    leaves,
    mapped,
)
from tfcompress.interop.refusal import refusal

# What layers take beside the arguments that they name.
ALWAYS = {"name", "trainable", "dtype", "activity_regularizer", "zero_output_for_mask"}


def build(graph: Graph, keras, trail=""):
    """Returns the model of `graph`, with new weights.

    Args:
        graph: The graph.
        keras: The module: `keras`, or `tf.keras` where that is legacy Keras.
        trail: Names of the models that it lies in, for errors.

    Raises:
        ValueError: This Keras has no such layer, or not with these arguments. The error
            names the layer.
    """
    made = {
        name: _made(part, keras, f"{trail}{name}")
        for name, part in graph.layers.items()
    }
    if graph.kind == SEQUENTIAL:
        return keras.Sequential(list(made.values()), name=graph.name)
    values = []

    def given(value):
        if not isinstance(value, Output):
            return value
        return values[value.call][value.position]

    for call in graph.calls:
        layer = made[call.layer]
        if graph.layers[call.layer].kind != INPUT:
            args, kwargs = mapped(given, call.args), mapped(given, call.kwargs)
            layer = layer(*args, **kwargs)
        values.append(leaves(layer))
    inputs, outputs = mapped(given, graph.inputs), mapped(given, graph.outputs)
    return keras.Model(inputs, outputs, name=graph.name)


def parts(graph: Graph, model, trail=""):
    """Yields for each layer its path of names, those in nested models too, and itself."""
    for name, part in graph.layers.items():
        path = f"{trail}{part.origin or name}"
        if isinstance(part, Graph):
            yield from parts(part, model.get_layer(name), f"{path}/")
        elif part.kind != INPUT:
            yield path, model.get_layer(name)


def _made(part, keras, path):
    if isinstance(part, Graph):
        return build(part, keras, f"{path}/")
    if part.kind == INPUT:
        return keras.Input(**part.config)
    kind = getattr(keras.layers, part.kind, None)
    if kind is None or part.kind == "Lambda":
        raise refusal(path, part.kind)
    known = _arguments(kind)
    config = {}
    for key, value in part.config.items():
        if key in known:
            config[key] = _value(value, keras, path)
        elif key not in part.spare:
            raise refusal(path, part.kind, f"only one of the two has {key}={value!r}")
    try:
        return kind(**config)
    except Exception as cause:  # of any kind: each layer checks in its own words
        why = str(cause).strip().partition("\n")[0][:200].rstrip(".")
        raise refusal(path, part.kind, why) from cause


def _value(value, keras, path):
    if isinstance(value, (Layer, Graph)):
        return _made(value, keras, path)
    if isinstance(value, list):
        return [_value(one, keras, path) for one in value]
    return value


def _arguments(kind) -> set[str]:
    """Returns the arguments that a layer class takes, those of its bases among them."""
    known = set()
    for base in kind.__mro__:
        if "__init__" in vars(base):
            taken = inspect.signature(base.__init__).parameters
            known |= taken.keys() - {"self", "args", "kwargs"}
            if all(one.kind != one.VAR_KEYWORD for one in taken.values()):
                return known  # it hands nothing on to its bases
    return known | ALWAYS
