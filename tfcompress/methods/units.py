"""Fewer units, filters or heads."""

import dataclasses
from typing import ClassVar

from tfcompress.methods.method import Method
from tfcompress.surgery.plan import plan
from tfcompress.surgery.shrink import shrink


@dataclasses.dataclass(frozen=True)
class Units(Method):
    """Keeps a ratio of the units of a layer, those of the largest weights.

    The file is smaller and the model faster everywhere, for it is an ordinary smaller
    one: `tfc.shrink(model, keep=ratios)`. Layers that read the units shrink along, and
    layers that are added to this one lose the same units: of those the first is named.
    Without training afterwards it costs more accuracy than other methods do.

    Example:

    >>> layers = [keras.layers.Dense(8, name="a"), keras.layers.Dense(2, name="b")]
    >>> model = keras.Sequential([keras.Input((4,)), *layers])
    >>> tfc.methods.Units().layers(model)  # the outputs must stay
    ['a']
    >>> tfc.methods.Units().compress(model, {"a": 0.5}).count_params()  # 4-4-2
    30
    """

    turn: ClassVar[int] = 0  # Others then work on what is left.

    def layers(self, model):
        groups = [decision.group for decision in plan(model).decisions]
        return [group.name for group in groups if group.is_free and group.size > 1]

    def compress(self, model, ratios, *, inputs=None, fit_weights=True):
        # A new optimizer: the old one's learning rate has often run down to zero.
        return shrink(model, keep=dict(ratios), optimizer=False)
