"""Which weights of a model are kept, as a value of its own."""

import dataclasses
from collections.abc import Mapping

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.array_file import read_arrays
from tfcompress.selection import select_weights
from tfcompress.writing import file_target, whole_file

_FORMAT = "tfcompress masks 1"


@dataclasses.dataclass(frozen=True, eq=False)
class Masks:
    """One boolean array for each of several weights, or groups of channels: True = kept.

    They are compared, saved and given to another model in their order; names are for
    the reader, since two models of the same structure differ in theirs.

    Args:
        arrays: Mapping from names to boolean arrays. They are copied.

    Raises:
        ValueError: If there are none, or one is not boolean or empty.
        TypeError: If it is no mapping from names.

    Example:

    >>> ours = tfc.Masks({"a": np.array([True, True, False, False])})
    >>> other = tfc.Masks({"a": np.array([True, False, False, False])})
    >>> ours.density, ours.overlap(other), ours.distance(other)
    (0.5, 0.5, 0.25)
    """

    arrays: Mapping[str, np.ndarray]

    def __post_init__(self):
        _checks.instance("arrays", self.arrays, Mapping, "a mapping from names")
        if not self.arrays:
            raise _checks.error("arrays", "name something", self.arrays)
        own = {}
        for name, array in self.arrays.items():
            _checks.instance("arrays", name, str, "a mapping from names to arrays")
            array = np.array(array)
            if array.dtype != bool or not array.size:
                found = f"{array.dtype} of shape {array.shape}"
                rule = "be boolean and not empty"
                raise _checks.error(f"arrays[{name!r}]", rule, found)
            array.setflags(write=False)
            own[name] = array
        object.__setattr__(self, "arrays", own)

    @classmethod
    def of(cls, model, which=None) -> "Masks":
        """Returns what is not zero in the weights of `model` that `which` names.

        Args:
            model: A built `keras.Model`.
            which: As `tfcompress.callbacks.PruneLowMagnitude` takes it; None for all
                kernels.
        """
        variables = select_weights(model, which)
        return cls.named(variables, [ops.convert_to_numpy(v) != 0 for v in variables])

    @classmethod
    def named(cls, variables, arrays) -> "Masks":
        """Returns `arrays` under the paths of the `variables`, of the same shapes.

        Args:
            variables: Variables of a model.
            arrays: A boolean array for each.
        """
        variables = _variables(variables)
        arrays = [np.asarray(a) for a in _checks.several("arrays", arrays, "arrays")]
        wanted = [tuple(variable.shape) for variable in variables]
        found = [array.shape for array in arrays]
        if found != wanted:
            rule = f"have the shapes of the variables, {wanted}"
            raise _checks.error("arrays", rule, found)
        names = [variable.path for variable in variables]
        if len(set(names)) < len(names):  # Keras allows it in nested models
            names = [f"{i}: {name}" for i, name in enumerate(names)]
        return cls(dict(zip(names, arrays, strict=True)))

    @property
    def size(self) -> int:
        """The number of weights, kept or not."""
        return sum(array.size for array in self)

    @property
    def kept(self) -> int:
        """The number of weights that are kept."""
        return sum(int(np.count_nonzero(array)) for array in self)

    @property
    def density(self) -> float:
        """The share that is kept."""
        return self.kept / self.size

    def __iter__(self):
        return iter(self.arrays.values())

    def __len__(self):
        return len(self.arrays)

    def __eq__(self, other):
        if not isinstance(other, Masks):
            return NotImplemented
        return self._shapes() == other._shapes() and self.distance(other) == 0

    __hash__ = None

    def overlap(self, other: "Masks") -> float:
        """Returns what both keep, as a share of what one of the two keeps."""
        pairs = self._pairs(other)
        both = sum(int(np.count_nonzero(a & b)) for a, b in pairs)
        either = sum(int(np.count_nonzero(a | b)) for a, b in pairs)
        return both / either if either else 1.0

    def distance(self, other: "Masks") -> float:
        """Returns the Hamming distance, as a share of all: on what they differ."""
        differ = sum(int(np.count_nonzero(a ^ b)) for a, b in self._pairs(other))
        return differ / self.size

    def shuffled(self, seed: int) -> "Masks":
        """Returns masks that keep as many of each weight, at random places."""
        generator = np.random.default_rng(_checks.integer("seed", seed, low=0))
        return Masks(
            {
                name: generator.permutation(array.ravel()).reshape(array.shape)
                for name, array in self.arrays.items()
            }
        )

    def apply(self, model, which=None) -> None:
        """Sets to zero in `model` what is not kept.

        The zeros stay in a `fit` with a pruning callback, such as
        `PruneLowMagnitude(Constant(0))`; without one they are trained again.

        Args:
            model: A built model whose weights have the shapes of these masks: the one
                that they are of, or another of the same structure.
            which: The weights, as in `of`.

        Raises:
            ValueError: If the weights have other shapes.
        """
        variables = select_weights(model, which)
        self.check(variables)
        for variable, array in zip(variables, self, strict=True):
            variable.assign(variable * ops.cast(array, variable.dtype))

    def check(self, variables) -> None:
        """Raises a `ValueError` unless `variables` have the shapes of these masks."""
        shapes = [tuple(variable.shape) for variable in _variables(variables)]
        if shapes != self._shapes():
            rule = f"have weights of the shapes of the masks, {self._shapes()}"
            remedy = "Masks fit models of the same structure, and the same `which`."
            raise _checks.error("model", rule, shapes, remedy=remedy)

    def save(self, path) -> None:
        """Writes the masks to `path`, a file that ends in `.npz`."""
        packed = {f"array_{i}": array for i, array in enumerate(self)}
        with whole_file(file_target(path, ".npz")) as draft:
            names = np.array(list(self.arrays))
            np.savez_compressed(draft, format=np.array(_FORMAT), names=names, **packed)

    @classmethod
    def load(cls, path) -> "Masks":
        """Returns the masks that `save` wrote to `path`.

        Raises:
            ValueError: If there is no such file, or it holds something else.
            TypeError: If `path` is not a path.
        """
        path = _checks.existing_file("path", path)
        try:
            found = read_arrays(path)
            if str(found["format"]) != _FORMAT:
                raise KeyError("format")
            names = [str(name) for name in found["names"]]
            return cls({name: found[f"array_{i}"] for i, name in enumerate(names)})
        except (KeyError, ValueError, TypeError) as cause:
            rule = "be a file that `Masks.save` wrote"
            raise _checks.error("path", rule, str(path)) from cause

    def _shapes(self):
        return [array.shape for array in self]

    def _pairs(self, other):
        _checks.instance("other", other, Masks, "a `Masks`")
        if self._shapes() != other._shapes():
            rule = f"have the same shapes, {self._shapes()}"
            raise _checks.error("other", rule, other._shapes())
        return list(zip(self, other, strict=True))


def _variables(given):
    found = _checks.several("variables", given, "variables of a model")
    for variable in found:
        what = "variables of a model"
        _checks.instance("variables", variable, keras.Variable, what)
    return found
