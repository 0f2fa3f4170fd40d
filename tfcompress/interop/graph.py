"""The graph of a model, in a form that Keras 3 and legacy Keras both can be brought to."""

import dataclasses
import json

INPUT = "InputLayer"
SEQUENTIAL = "Sequential"
FUNCTIONAL = "Functional"
_KIND = "__kind__"


@dataclasses.dataclass(frozen=True)
class Output:
    """A value between two calls: output `position` of call number `call`."""

    call: int
    position: int


@dataclasses.dataclass(frozen=True)
class Layer:
    """A layer that is not built.

    Args:
        kind: Name of its class.
        config: Its arguments; layers in it are a `Layer` or a `Graph` too.
        spare: Arguments that may be left out where the class does not know them: they
            have the value that is the only one there.
        origin: Its name in the file, which may be none that Keras 3 allows.
    """

    kind: str
    config: dict
    spare: list = dataclasses.field(default_factory=list)
    origin: str = ""


@dataclasses.dataclass(frozen=True)
class Call:
    """One use of a layer, with an `Output` for each tensor in its arguments."""

    layer: str
    args: list
    kwargs: dict


@dataclasses.dataclass(frozen=True)
class Graph:
    """A Sequential or Functional model that is not built.

    Args:
        kind: `"Sequential"`, whose layers follow each other, or `"Functional"`.
        name: Its name.
        layers: Its layers by name, nested models among them, in the order of the file.
        calls: Each after those that it depends on; none in a Sequential model.
        inputs: An `Output` for each input, in the structure that the model takes.
        outputs: Likewise.
        origin: Its name in the file.
    """

    kind: str
    name: str
    layers: dict
    calls: list = dataclasses.field(default_factory=list)
    inputs: object = None
    outputs: object = None
    origin: str = ""


_KINDS = {kind.__name__: kind for kind in (Output, Layer, Call, Graph)}


def to_json(graph: Graph) -> str:
    return json.dumps(
        graph, default=lambda one: {_KIND: type(one).__name__} | vars(one)
    )


def from_json(text: str) -> Graph:
    def revived(found):
        kind = _KINDS.get(found.pop(_KIND, None))
        return found if kind is None else kind(**found)

    return json.loads(text, object_hook=revived)


def leaves(structure) -> list:
    """Returns the values in nested lists and dictionaries, as Keras orders them."""
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in leaves(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in leaves(part)]
    return [structure]


def mapped(function, structure):
    """Returns a structure of lists and dictionaries with `function` of each value."""
    if isinstance(structure, dict):
        return {key: mapped(function, value) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [mapped(function, value) for value in structure]
    return function(structure)


def without(graph: Graph, names) -> Graph:
    """Returns `graph` where these layers are gone, which hand on what they are given."""
    layers = {name: one for name, one in graph.layers.items() if name not in names}
    calls, new = [], {}  # number of each call before -> now, or what it handed on

    def now(value):
        if not isinstance(value, Output):
            return value
        place = new[value.call]
        return Output(place, value.position) if isinstance(place, int) else place

    for index, call in enumerate(graph.calls):
        args, kwargs = mapped(now, call.args), mapped(now, call.kwargs)
        if call.layer in names:
            new[index] = leaves(args)[0]
        else:
            new[index] = len(calls)
            calls.append(Call(call.layer, args, kwargs))
    inputs, outputs = mapped(now, graph.inputs), mapped(now, graph.outputs)
    return dataclasses.replace(
        graph, layers=layers, calls=calls, inputs=inputs, outputs=outputs
    )
