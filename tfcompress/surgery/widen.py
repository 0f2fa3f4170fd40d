"""A wider model with the same outputs."""

import functools

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.surgery.cut import Cut
from tfcompress.surgery.dead import Life
from tfcompress.surgery.follow import follow
from tfcompress.surgery.groups import groups_of
from tfcompress.surgery.same import refuse_other_outputs


def widen(model, layer, units, *, seed=0) -> keras.Model:
    r"""Returns a wider ordinary model with the same outputs: the inverse of `shrink`.

    New units are copies of old ones, drawn at random, with all that makes them; what
    reads a unit j reads its copies with shares of its weight,

    $$ \sum_{i \in copies(j)} f_i = 1, \quad U_{i \cdot} = f_i \, U_{j \cdot} $$

    The shares are drawn too, not equal, so copies get gradients of different sizes and
    learn apart without noise, which would change the outputs. Layers whose outputs are
    added become wider together. A wide model trained from here starts where the narrow
    one ended.

    Args:
        model: A built Sequential or Functional `keras.Model`; it is left as it was.
        layer: The name of a layer, or of a part of it as `tfc.surgery.coupled_groups`
            names it: `"attention/heads"`.
        units: How many units it shall have, more than now.
        seed: Integer, of what is drawn.

    Returns:
        A `keras.Model`, not compiled.

    Raises:
        ValueError: If `model` is subclassed or not built, no such layer makes units,
            they cannot be copied exactly (outputs of the model, what a layer normalizes
            over or an unknown layer reads, the key size of attention), or `units` is
            not more than there are.

    Example:

    >>> model = keras.Sequential([keras.Input((4,)),
    ...     keras.layers.Dense(3, "relu", name="hidden"), keras.layers.Dense(2)])
    >>> wide = tfc.surgery.widen(model, "hidden", 8)
    >>> wide.get_layer("hidden").units
    8
    >>> x = np.eye(4)
    >>> bool(np.allclose(wide.predict(x, verbose=0), model.predict(x, verbose=0)))
    True

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1511.05641)
    """
    trace = follow(model)
    life = Life(trace, 0.0)
    group = _group(groups_of(trace), layer)
    mine = group.ids[np.unique(group.units[layer])]
    units = _checks.integer("units", units, low=len(mine) + 1)
    random = np.random.default_rng(_checks.integer("seed", seed, low=0))
    copies = np.ones(len(life.channel), int)
    np.add.at(copies, random.choice(mine, units - len(mine)), 1)
    shares = {channel: _shares(copies[channel], random) for channel in mine}
    wide, _ = _Copy(life, copies, shares).apply(model)
    refuse_other_outputs(model, wide, "layer", layer)
    return wide


class _Copy(Cut):
    """The change of a model in which channels are copied.

    Args:
        life: The `Life` of the traced model.
        copies: For each channel how often it is there.
        shares: For each channel with copies the part that is read of each.
    """

    def __init__(self, life, copies, shares):
        self._roles = {
            (place.part.layer, place.part.name(place.weight), place.axis): place.role
            for place in life.trace.places.values()
        }
        self._shares = {
            number: shares[channel]
            for number, channel in enumerate(life.channel)
            if channel in shares
        }
        super().__init__(life, copies[life.channel])

    @functools.cached_property
    def changed(self):
        ids = [
            (layer, i) for (layer, _), axes in self._axes.items() for i in axes.values()
        ]
        ids += [(part.layer, made.ids) for part, made in self.trace.shapes.items()]
        layers = {layer for layer, numbers in ids if (self.stays(numbers) > 1).any()}
        return {layer for layer in layers if not isinstance(layer, keras.Model)}

    def _taken(self, layer, name, values):
        for axis, ids in self._axes.get((layer, name), {}).items():
            values = np.repeat(values, self.stays(ids), axis)
            if self._roles[layer, name, axis] == "reads":
                shares = [self._shares.get(int(number), [1.0]) for number in ids]
                shape = [1] * values.ndim
                shape[axis] = -1
                values = values * np.concatenate(shares).reshape(shape)
        return values

    def _folded(self):
        return {}  # nothing leaves


def _group(groups, name):
    _checks.instance("layer", name, str, "the name of a layer")
    found = next((group for group in groups if name in group.units), None)
    if found is None:
        names = sorted(source for group in groups for source in group.units)
        raise _checks.error("layer", f"name one that makes units: {names}", name)
    reason = found.reason
    if reason is None and name.endswith("/key_dim"):
        reason = "queries and keys are multiplied, so copies would count twice"
    if reason is not None:
        rule = f"name units that can be copied exactly ({reason})"
        raise _checks.error("layer", rule, name)
    return found


def _shares(count, random):
    """Returns positive shares of 1, none of them much smaller than the others."""
    drawn = random.uniform(0.5, 1.5, count)
    return drawn / drawn.sum()
