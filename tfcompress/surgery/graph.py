"""The graph of a model as a list of calls, nested models opened."""

import collections
import dataclasses

import keras

from tfcompress import _checks
from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.graph_config import graph_config


@dataclasses.dataclass(frozen=True, eq=False)
class Tensor:
    """A value between two calls; equal to itself only."""

    shape: tuple


@dataclasses.dataclass(frozen=True, eq=False)
class Call:
    """One use of a layer, or of an operation such as `x + y`.

    Args:
        layer: The `keras.Operation`, nearly always a layer.
        args: The positional arguments, with a `Tensor` for each tensor.
        kwargs: The keyword arguments, likewise.
        outputs: The tensors that are used further on, by their position.
    """

    layer: keras.Operation
    args: tuple
    kwargs: dict
    outputs: dict[int, Tensor]

    @property
    def inputs(self) -> list[Tensor]:
        """All tensors that go in, in order, but the mask, which has no channels."""
        kwargs = {key: value for key, value in self.kwargs.items() if key != "mask"}
        given = keras.tree.flatten((self.args, kwargs))
        return [value for value in given if isinstance(value, Tensor)]


@dataclasses.dataclass(frozen=True, eq=False)
class Graph:
    """The calls of a model, each after those it depends on.

    The `InputLayer`s of nested models are calls too, from the outer tensor to the inner;
    a nested Sequential model, which shows none, stands for its own.
    """

    calls: list[Call]
    outputs: list[Tensor]


def read(model) -> Graph:
    """Returns the graph of `model`.

    Raises:
        TypeError: If `model` is not a Keras model.
        ValueError: If it is a subclassed model, which has no graph, or not built.
    """
    refuse_subclassed(model)
    calls = []
    if isinstance(model, keras.Sequential):
        inputs = [Tensor(tuple(model.inputs[0].shape))]
    else:
        inputs = [Tensor(tuple(t.shape)) for t in keras.tree.flatten(model.inputs)]
    outputs = _read(model, inputs, calls, top=True)
    return Graph(calls, outputs)


def _read(model, inputs, calls, top=False):
    """Appends the calls inside `model`; returns its output tensors."""
    if isinstance(model, keras.Sequential):
        return _read_chain(model, inputs, calls, top)
    return _read_functional(model, inputs, calls, top)


def _read_chain(model, inputs, calls, top):
    [tensor] = inputs
    if not top:
        tensor = _entered(model, tensor, calls)
    for layer in model.layers:
        shape = tuple(layer.compute_output_shape(tensor.shape))
        [tensor] = _called(layer, (tensor,), {}, {0: Tensor(shape)}, calls)
    return [tensor]


def _read_functional(model, inputs, calls, top):
    config = graph_config(model)
    operations = {operation.name: operation for operation in model.operations}
    tensors = {}
    starts = list(_histories(config["input_layers"]))
    for history, tensor in zip(starts, inputs, strict=True):
        if not top:
            tensor = _entered(operations[history[0]], tensor, calls)
        tensors[history] = tensor
    ends = [
        (name, index - _counts_itself(operations[name]), position)
        for name, index, position in _histories(config["output_layers"])
    ]
    shapes = _shapes(config["layers"])
    for (*call, position), tensor in zip(
        ends, keras.tree.flatten(model.outputs), strict=True
    ):
        shapes[tuple(call)][position] = tuple(tensor.shape)
    waiting = [
        (operations[entry["name"]], index, node)
        for entry in config["layers"]
        for index, node in enumerate(entry["inbound_nodes"])
    ]
    while waiting:
        later = []
        for operation, index, node in waiting:
            needed = list(_needed((node["args"], node["kwargs"])))
            if any(history not in tensors for history in needed):
                later.append((operation, index, node))
                continue
            found = shapes[operation.name, index]
            outputs = {position: Tensor(found[position]) for position in sorted(found)}
            args = _resolved(tuple(node["args"]), tensors)
            kwargs = _resolved(node["kwargs"], tensors)
            made = _called(operation, args, kwargs, outputs, calls)
            for position, tensor in zip(outputs, made, strict=True):
                tensors[operation.name, index, position] = tensor
        if len(later) == len(waiting):
            raise _checks.error("model", "have a graph without a cycle", model.name)
        waiting = later
    return [tensors[history] for history in ends]


def _counts_itself(operation) -> bool:
    """Whether the uses of `operation`, as an output names them, begin with its own.

    Keras counts the making of a functional model as its first use there, and not where
    a layer is said to read its outputs.
    """
    nested = isinstance(operation, keras.Model)
    return nested and not isinstance(operation, keras.Sequential)


def _entered(layer, tensor, calls):
    """Appends the step from outside a model to inside, which `layer` stands for."""
    inside = Tensor(tensor.shape)
    calls.append(Call(layer, (tensor,), {}, {0: inside}))
    return inside


def _called(layer, args, kwargs, outputs, calls):
    """Appends the call, or the calls inside a model; returns the outputs in order."""
    call = Call(layer, args, kwargs, outputs)
    if isinstance(layer, keras.Model):
        made = _read(layer, call.inputs, calls)
        return [made[position] for position in outputs]
    calls.append(call)
    return list(outputs.values())


def _histories(structure):
    """Yields the (layer, node, tensor) triples in a nested structure of them."""
    if _is_history(structure):
        yield tuple(structure)
    elif isinstance(structure, dict):
        for key in sorted(structure):  # as `keras.tree.flatten` does
            yield from _histories(structure[key])
    else:
        for part in structure:
            yield from _histories(part)


def _is_history(structure):
    return (
        isinstance(structure, (list, tuple))
        and len(structure) == 3
        and isinstance(structure[0], str)
    )


def _is_tensor(value):
    return isinstance(value, dict) and value.get("class_name") == "__keras_tensor__"


def _tensors(structure):
    if _is_tensor(structure):
        yield structure["config"]
    elif isinstance(structure, dict):
        for value in structure.values():
            yield from _tensors(value)
    elif isinstance(structure, (list, tuple)):
        for value in structure:
            yield from _tensors(value)


def _needed(structure):
    return (tuple(config["keras_history"]) for config in _tensors(structure))


def _shapes(layers):
    """The shapes of the outputs that a call reads, for each call that made them."""
    shapes = collections.defaultdict(dict)
    for entry in layers:
        for config in _tensors(entry["inbound_nodes"]):
            *call, position = config["keras_history"]
            shapes[tuple(call)][position] = tuple(config["shape"])
    return shapes


def _resolved(structure, tensors):
    if _is_tensor(structure):
        return tensors[tuple(structure["config"]["keras_history"])]
    if isinstance(structure, dict):
        return {key: _resolved(value, tensors) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)(_resolved(value, tensors) for value in structure)
    return structure
