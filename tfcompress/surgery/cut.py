"""A model without the channels that leave."""

import functools

import keras
import numpy as np

from tfcompress.conversion.clone import clone
from tfcompress.surgery.carried import Carried
from tfcompress.surgery.dead import Life
from tfcompress.surgery.hosted import kernel_of, put
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.normalization import BatchNormalization
from tfcompress.surgery.sizes import Sizes


class Cut:
    """The change of a model from which channels leave.

    What they gave for all inputs alike goes into a bias of the layers that read them:
    into the mean of the batch normalization that follows, where a layer has no bias, or
    else it is given one.

    Args:
        life: The `Life` of the traced model.
        stays: Boolean, for each number of a channel.
    """

    def __init__(self, life: Life, stays: np.ndarray):
        self.trace = life.trace
        self.life = life
        self._stays = np.append(stays, True)  # what `FIXED`, -1, points at
        self._axes = {}
        for place in self.trace.places.values():
            name = place.part.layer, place.part.name(place.weight)
            self._axes.setdefault(name, {})[place.axis] = place.ids
        self.biased = set()
        self._added = self._folded()

    def apply(self, model) -> tuple[keras.Model, list[Carried]]:
        """Returns the smaller model, and what became of each variable."""
        made = {}

        def replace(layer):
            if layer in self.changed:
                made[layer] = Sizes(Part(layer), self).layer()
            return made.get(layer)

        small = clone(model, replace, self._input_shapes())
        carried = [one for pair in made.items() for one in self._fill(*pair)]
        return small, carried + _copied(model, small, made)

    def stays(self, ids) -> np.ndarray:
        """Returns, for an array of numbers, which of these channels stay."""
        return self._stays[ids]

    def shape(self, part: Part, weight: str) -> tuple:
        """Returns the new shape of `weight`."""
        shape = list(part.get(weight).shape)
        for axis, ids in self._axes.get((part.layer, part.name(weight)), {}).items():
            shape[axis] = int(self.stays(ids).sum())
        return tuple(shape)

    def outputs(self, part: Part):
        """Returns the axis and number of the channels that `part`'s config states."""
        made = self.trace.shapes.get(part)
        return made and (made.axis, int(self.stays(made.ids).sum()))

    def weights(self, layer) -> list[str]:
        """Returns the names of the weights of `layer` that have channels or change."""
        names = {**self._axes, **self._added}
        return [name for one, name in names if one is layer]

    def array(self, layer, name: str) -> np.ndarray:
        """Returns the values of a weight in the smaller model."""
        part = Part(layer)
        added = self._added.get((layer, name), 0)
        values = part.array(name) if part.has(name) else np.zeros_like(added)
        values = (values + added) * self._factor(layer, name)
        return self._taken(layer, name, values)

    @functools.cached_property
    def changed(self) -> set:
        """The layers that are not as before."""
        ids = [
            (layer, i) for (layer, _), axes in self._axes.items() for i in axes.values()
        ]
        ids += [(part.layer, made.ids) for part, made in self.trace.shapes.items()]
        layers = {layer for layer, numbers in ids if not self.stays(numbers).all()}
        layers |= {layer for layer, _ in self._added}
        return {layer for layer in layers if not isinstance(layer, keras.Model)}

    def _fill(self, old, new):
        """Sets the weights of a new layer; returns what became of each variable."""
        filled = [
            Part(new).get(part.name(weight))
            for part in self.biased
            if part.layer is old
            for weight in self.trace.rule(part).with_bias()[1]
        ]
        for variable in filled:
            variable.assign(np.zeros(variable.shape))
        carried = []
        for name in self.weights(old):
            had = Part(old).has(name)
            if not had and (old, name) not in self._added:
                continue  # a bias that is not there
            before, after = kernel_of(old, name), kernel_of(new, name)
            if before and after and before.shape == after.shape:
                pairs = zip(before.variables, after.variables, strict=True)
                carried += [_same(*pair) for pair in pairs]
                filled += after.variables
                continue
            filled += put(new, name, self.array(old, name))
            if had and not before:
                before, after = Part(old).get(name), Part(new).get(name)
                kept = self._kept(old, name, len(before.shape))
                carried.append(Carried(before, after, kept, self._factor(old, name)))
        return carried + _rest(old, new, filled)

    def _taken(self, layer, name, values):
        return Carried(None, None, self._kept(layer, name, values.ndim)).taken(values)

    def _kept(self, layer, name, rank):
        axes = self._axes.get((layer, name), {})
        return tuple(
            self.stays(axes[axis]) if axis in axes else None for axis in range(rank)
        )

    def _factor(self, layer, name):
        return self._factors.get((layer, name), 1.0)

    @functools.cached_property
    def _factors(self):
        rules = {use.rule for use in self.trace.uses}
        return {
            (rule.part.layer, name): factor
            for rule in rules
            if rule.part.layer in self.changed
            for name, factor in rule.factors(Sizes(rule.part, self)).items()
        }

    def _folded(self):
        """Returns what is added to weights, by layer and name."""
        found = {}
        for use, values in self.life.agreed:
            change = use.rule.folded(use, values, lambda c: ~self.stays(c.ids))
            for name, numbers in change.items():
                if not numbers.any():
                    continue
                layer = use.rule.part.layer
                if not Part(layer).has(name):
                    after = self._normalized(use)
                    if after is not None:
                        found[after.layer, after.name("moving_mean")] = -numbers
                        continue
                    self.biased.add(use.rule.part)
                found[layer, name] = numbers
        return found

    def _normalized(self, use):
        """The part of a batch normalization that alone reads what `use` makes."""
        made = use.outputs[0]
        readers = [u for u in self.trace.uses if any(c is made for c in u.inputs)]
        if len(readers) != 1 or any(end is made for end in self.trace.ends):
            return None
        if not isinstance(readers[0].rule, BatchNormalization):
            return None
        rules = [other.rule for other in self.trace.uses]
        part = readers[0].rule.part
        along = (part.layer, part.name("moving_mean")) in self._axes
        once = rules.count(use.rule) == rules.count(readers[0].rule) == 1
        return part if along and once else None

    def _input_shapes(self):
        shapes = {}
        for part, made in self.trace.shapes.items():
            layer = part.layer
            if isinstance(layer, keras.Sequential):
                shape = layer.inputs[0].shape
            elif isinstance(layer, keras.layers.InputLayer):
                shape = layer.batch_shape
            else:
                continue
            shape = list(shape)
            shape[made.axis] = int(self.stays(made.ids).sum())
            shapes[id(layer)] = tuple(shape)
        return shapes


def _same(old, new):
    """Copies a variable that is as before."""
    new.assign(old)
    return Carried(old, new, (None,) * len(old.shape))


def _rest(old, new, done):
    """Sets what is left of a layer, seeds mostly, in order."""
    skipped = {id(variable) for variable in done}
    before, after = getattr(old, "weights", []), getattr(new, "weights", [])
    carried = []
    if len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            if id(other) not in skipped and one.shape == other.shape:
                carried.append(_same(one, other))
    return carried


def _copied(model, small, made):
    """What became of the variables of layers that are as before."""
    pairs = zip(_leaves(model), _leaves(small), strict=True)
    return [
        _same(old, new)
        for before, after in pairs
        if before not in made
        for old, new in zip(before.weights, after.weights, strict=True)
    ]


def _leaves(model):
    """The layers of a model and of those nested in it, each once."""
    found = {}
    for layer in model.layers:
        inner = _leaves(layer) if isinstance(layer, keras.Model) else [layer]
        found.update((id(one), one) for one in inner)
    return list(found.values())
