"""A sparsity of its own for each layer that is named."""

import collections.abc
import dataclasses

from tfcompress import _checks
from tfcompress.distributions.distribution import Distribution
from tfcompress.selection import check_which, select_weights


@dataclasses.dataclass(frozen=True)
class PerLayer(Distribution):
    """The layers that are named end at their own sparsity, all others at the schedule's.

    Args:
        layers: Mapping to a final sparsity, a float in [0, 1), from what names
            weights, as in `which`: a layer's name, a glob, a layer class, the end of
            a weight's path. Later entries win.

    Raises:
        ValueError: If a sparsity is outside [0, 1), or a key names
            no weight that is pruned.
        TypeError: If it is no mapping.

    Example:

    >>> layers = [keras.layers.Dense(3), keras.layers.Dense(2, name="head")]
    >>> model = keras.Sequential([keras.Input((4,)), *layers])
    >>> kernels = [layer.kernel for layer in layers]
    >>> PerLayer({"head": 0.7}).sparsities(model, kernels, 0.9)
    [0.9, 0.7]
    """

    layers: dict

    def __post_init__(self):
        what = "a mapping, such as {'head': 0.7}"
        _checks.instance("layers", self.layers, collections.abc.Mapping, what)
        if not self.layers:
            raise _checks.error("layers", "name something", self.layers)
        for key, value in self.layers.items():
            _checks.sparsity(f"layers[{key!r}]", value)
        check_which([*self.layers], "layers")

    def sparsities(self, model, variables, final):
        own = {id(variable): final for variable in variables}
        for key, value in self.layers.items():
            named = [id(v) for v in select_weights(model, key) if id(v) in own]
            if not named:
                rule = "name weights that this callback prunes"
                remedy = "Widen `which`, or leave the entry out."
                raise _checks.error("layers", rule, key, remedy=remedy)
            own.update(dict.fromkeys(named, value))
        return [own[id(variable)] for variable in variables]
