"""A quantization-aware graph without its wrappers, and the kernels for its layers."""

import dataclasses
import itertools

from tfcompress.interop.graph import SEQUENTIAL, Graph, Output, leaves, without
from tfcompress.interop.refusal import refusal

WRAPPERS = ("QuantizeWrapper", "QuantizeWrapperV2")
ROUNDING = "QuantizeLayer"
# What hands numbers on as they are, or a 0, which every grid holds.
HAND_ON = {
    "ActivityRegularization",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Dropout",
    "Flatten",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "MaxPooling2D",
    "Permute",
    "Reshape",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
}


@dataclasses.dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high` that `bits` bits can tell apart."""

    low: float
    high: float
    bits: int


@dataclasses.dataclass(frozen=True)
class Rounding:
    """How a layer rounds.

    Args:
        high: The greatest size of its weights, of each output channel or of all.
        bits: The bits of a weight.
        inputs: The `Range` of what goes in, or None where that is not rounded.
    """

    high: list
    bits: int
    inputs: Range | None


def unwrapped(graph: Graph, ranges: dict) -> tuple[Graph, dict[str, Rounding]]:
    """Returns `graph` with plain layers, and how each of them rounds, by its name.

    The wrappers round what comes out of a layer; here that is what goes into the next.
    What comes out of the model, and what goes into a sum, is no longer rounded.

    Args:
        graph: The graph of a model with the wrappers of tensorflow-model-optimization,
            or of one without.
        ranges: What `tfcompress.interop.legacy.quantized.ranges` says, by the names
            of the layers in the file.

    Raises:
        ValueError: Weights are rounded to another grid than one that is even around 0.
    """
    inner = {name: _inner(part) for name, part in graph.layers.items()}
    names = {
        name: part.config["name"] if graph.layers[name].kind in WRAPPERS else name
        for name, part in inner.items()
    }
    said = {name: ranges.get(part.origin) for name, part in inner.items()}
    before = _Before(graph, inner, said)
    rounding = {
        names[name]: _rounding(part, said[name]["weights"], before.range_of(name))
        for name, part in inner.items()
        if said[name] and said[name]["weights"]
    }
    calls = [dataclasses.replace(c, layer=names[c.layer]) for c in graph.calls]
    layers = {names[name]: part for name, part in inner.items()}
    plain = dataclasses.replace(graph, layers=layers, calls=calls)
    gone = [name for name, part in layers.items() if part.kind == ROUNDING]
    return without(plain, gone), rounding


def _inner(part):
    if part.kind not in WRAPPERS:
        return part
    layer = part.config["layer"]
    activation = layer.config.get("activation")
    while isinstance(activation, dict):  # `QuantizeAwareActivation` of another
        activation = activation["config"].get("activation", "linear")
        layer.config["activation"] = activation
    return layer


def _rounding(layer, weights, inputs):
    [(name, said)] = weights.items()
    if not said["even"] or said["bits"] != 8:
        why = f"its {name} is not rounded to 8 bits, evenly around 0"
        raise refusal(layer.config["name"], layer.kind, why)
    return Rounding(said["high"], said["bits"], inputs)


class _Before:
    """What the inputs of each layer were rounded to."""

    def __init__(self, graph, layers, said):
        self.layers = layers
        self.said = said
        if graph.kind == SEQUENTIAL:
            names = list(graph.layers)
            pairs = itertools.pairwise(names)
            self.sources = {name: {earlier} for earlier, name in pairs}
        else:
            self.sources = {}
            for call in graph.calls:
                given = [v for v in leaves(call.args[:1]) if isinstance(v, Output)]
                found = {graph.calls[value.call].layer for value in given}
                self.sources.setdefault(call.layer, set()).update(found)

    def range_of(self, name):
        """Returns the range of all that goes into layer `name`, if it is one."""
        found = {self._range_after(source) for source in self.sources.get(name, ())}
        return found.pop() if len(found) == 1 else None

    def _range_after(self, name):
        said = self.said[name]
        if said and said["output"]:
            return Range(**said["output"])
        return self.range_of(name) if self.layers[name].kind in HAND_ON else None
