"""Rules of layers that hold others."""

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.graph import Call, Tensor
from tfcompress.surgery.rules.merging import Add, Average, Product
from tfcompress.surgery.rules.rule import Rule


class Bidirectional(Rule):
    """Two recurrent layers that lose the same units, and how they are joined."""

    joins = {"sum": Add, "ave": Average, "mul": Product}

    def couple(self, call, inputs, trace):
        [channels, *states] = inputs
        half = len(states) // 2
        directions = {"forward_layer": states[:half], "backward_layer": states[half:]}
        made = [
            trace.apply(trace.rule(self.part.inside(name)), call, [channels, *given])
            for name, given in directions.items()
        ]
        if not all(made):
            return []
        (forward, *first), (backward, *second) = made
        # Keras takes the outputs of both for equally wide.
        trace.unite(forward.ids, backward.ids)
        mode = self.layer.merge_mode
        if mode is None:
            return [forward, backward, *first, *second]
        if mode == "concat":
            joined = trace.apply(SideBySide(self.part), call, [forward, backward])
        else:
            tensor = Tensor((None,) * forward.axis + (len(forward.ids),))
            both = Call(self.layer, (tensor, tensor), {}, {})
            rule = self.joins[mode](self.part)
            joined = trace.apply(rule, both, [forward, backward])
        return [*joined, *first, *second]

    def resized(self, config, sizes):
        return {
            "layer": sizes.inside("forward_layer"),
            "backward_layer": sizes.inside("backward_layer"),
        }


class SideBySide(Rule):
    """Channels after one another on the last axis."""

    def couple(self, call, inputs, trace):
        return [Channels(inputs[0].axis, np.concatenate([c.ids for c in inputs]))]

    def constants(self, use, values, threshold):
        return [np.concatenate(values)]


class TimeDistributed(Rule):
    """A layer that is applied to each step; its axes come one later."""

    def couple(self, call, inputs, trace):
        [channels] = inputs
        part = self.part.inside("layer")
        on_steps = channels is not None and channels.axis == 1
        if isinstance(part.inner, keras.Model) or on_steps:
            return super().couple(call, inputs, trace)
        inside = Call(
            part.inner,
            (_without_steps(call.inputs[0]),),
            {},
            {place: _without_steps(tensor) for place, tensor in call.outputs.items()},
        )
        given = trace.apply(Moved(self.part, -1), call, [channels])
        made = trace.apply(trace.rule(part), inside, given)
        return trace.apply(Moved(self.part, 1), call, made)

    def resized(self, config, sizes):
        return {"layer": sizes.inside("layer")}


class Moved(Rule):
    """The same channels along an axis `by` later."""

    def __init__(self, part, by):
        super().__init__(part)
        self.by = by

    def couple(self, call, inputs, trace):
        return [c and Channels(c.axis + self.by, c.ids) for c in inputs]

    def constants(self, use, values, threshold):
        return values


def _without_steps(tensor):
    return Tensor(tensor.shape[:1] + tensor.shape[2:])


RULES = {
    keras.layers.Bidirectional: Bidirectional,
    keras.layers.TimeDistributed: TimeDistributed,
}
