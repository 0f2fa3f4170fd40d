"""Following the channels of a model from layer to layer."""

from tfcompress.surgery.graph import read
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.known import rule_for
from tfcompress.surgery.trace import Trace


def follow(model, *, approximate: bool = False) -> Trace:
    """Returns what is known of the channels of `model`.

    Args:
        model: A built Sequential or Functional model.
        approximate: As in `Trace`.

    Raises:
        ValueError: If `model` is subclassed or not built.
    """
    graph = read(model)
    trace = Trace(rule_for, approximate=approximate)
    channels = {}
    for call in graph.calls:
        inputs = [channels.get(tensor) for tensor in call.inputs]
        made = trace.apply(trace.rule(Part(call.layer)), call, inputs)
        for position, tensor in call.outputs.items():
            if position < len(made):
                channels[tensor] = made[position]
    for tensor in graph.outputs:
        if channels.get(tensor) is not None:
            trace.end(channels[tensor])
    return trace
