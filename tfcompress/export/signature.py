"""What a model takes: the names, shapes and types of its inputs."""

import dataclasses
import inspect
import re

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.stateless import refuse_stateful


def check_model(model):
    """Returns `model`, if it is one that can be exported here.

    Raises:
        TypeError: `model` is not a Keras model.
        ValueError: It is not built, or keeps a state from call to call.
        RuntimeError: Keras does not run on TensorFlow.
    """
    _checks.instance("model", model, keras.Model, "a Keras model")
    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(
            "An export needs Keras on TensorFlow: save the model as `.keras` and load "
            f"it under KERAS_BACKEND=tensorflow. Received: {keras.backend.backend()}"
        )
    if not model.built:
        remedy = "Call it on data, or give it a `keras.Input`."
        raise _checks.error("model", "be built", model.name, remedy=remedy)
    refuse_stateful(model)
    return model


@dataclasses.dataclass(frozen=True)
class Signature:
    """The inputs of a model, as an exported function names them.

    Args:
        structure: What the model is called with, an input's name at each leaf.
        shapes: Name of each input to its sizes, batch first; None where one is free.
        dtypes: Name of each input to its type.
    """

    structure: object
    shapes: dict[str, tuple]
    dtypes: dict[str, str]

    @classmethod
    def of(cls, model) -> "Signature":
        """Returns the signature of a built `model`; its batch size is free.

        Raises:
            ValueError: `model` takes several arguments, or something else than numbers.
        """
        tensors = _input_tensors(model)
        if isinstance(tensors, dict) and not any(
            map(keras.tree.is_nested, tensors.values())
        ):
            structure = {key: _exported(key) for key in tensors}
        else:
            structure = keras.tree.map_structure(lambda t: _exported(t.name), tensors)
        names, leaves = keras.tree.flatten(structure), keras.tree.flatten(tensors)
        if len(set(names)) < len(names):
            raise _checks.error("model", "have inputs of different names", names)
        shapes = {n: (None, *t.shape[1:]) for n, t in zip(names, leaves, strict=True)}
        dtypes = {n: t.dtype for n, t in zip(names, leaves, strict=True)}
        if not set(dtypes.values()) <= _NUMBERS:
            rule = "take numbers"
            remedy = "Export the part of it that comes after the preprocessing."
            raise _checks.error("model", rule, dtypes, remedy=remedy)
        return cls(structure, shapes, dtypes)

    def arrays(self, argument: str, data) -> dict[str, np.ndarray]:
        """Returns `data`, examples for the model, as an array for each input's name.

        Args:
            argument: What the user calls `data`.
            data: Array, or the list or dictionary of arrays that the model takes.

        Raises:
            ValueError: It is empty, does not fit, or is not finite.
        """
        given = self._by_name(argument, data)
        try:
            arrays = {name: np.asarray(array) for name, array in given.items()}
        except ValueError as fault:  # rows of different lengths
            rule = f"hold arrays ({fault})"
            raise _checks.error(argument, rule, type(data).__name__) from fault
        for name, array in arrays.items():
            self._check(argument, name, array)
        counts = {name: len(array) for name, array in arrays.items()}
        if len(set(counts.values())) > 1 or 0 in counts.values():
            rule = "hold the same number of examples, at least one, for all inputs"
            raise _checks.error(argument, rule, counts)
        return {name: array.astype(self.dtypes[name]) for name, array in arrays.items()}

    def pack(self, values: dict):
        """Returns `values`, by the names of the inputs, as the model takes them."""
        return keras.tree.map_structure(values.__getitem__, self.structure)

    def sized_like(self, arrays: dict) -> "Signature":
        """Returns this signature with the free sizes, except the batch, of `arrays`."""
        shapes = {name: (None, *array.shape[1:]) for name, array in arrays.items()}
        return dataclasses.replace(self, shapes=shapes)

    @property
    def free(self) -> list[str]:
        """The inputs that have free sizes besides the batch."""
        return [name for name, shape in self.shapes.items() if None in shape[1:]]

    def specs(self, batch_size=None):
        """Returns TensorFlow's description of the inputs, as the model takes them."""
        import tensorflow as tf

        return self.pack(
            {
                name: tf.TensorSpec((batch_size, *shape[1:]), self.dtypes[name], name)
                for name, shape in self.shapes.items()
            }
        )

    def _by_name(self, argument, data) -> dict:
        names = keras.tree.flatten(self.structure)
        if isinstance(data, dict) and data.keys() == set(names):
            return data
        several = isinstance(self.structure, (list, tuple))
        if several and isinstance(data, (list, tuple)) and len(data) == len(names):
            return dict(zip(names, data, strict=True))
        if len(names) == 1 and not isinstance(data, dict):
            return {names[0]: data}
        rule = f"be a dictionary of arrays for the inputs {names}"
        received = [*data] if isinstance(data, dict) else type(data).__name__
        raise _checks.error(argument, rule, received)

    def _check(self, argument, name, array):
        shape = self.shapes[name]
        fits = array.ndim == len(shape) and all(
            want in (None, got) for want, got in zip(shape, array.shape, strict=True)
        )
        if array.dtype.kind not in "biuf":
            rule = f"hold numbers for the input {name!r}"
            remedy = "Of a dataset take examples: `next(iter(dataset.batch(200)))`."
            raise _checks.error(argument, rule, array.dtype.name, remedy=remedy)
        if not fits:
            rule = f"have shape {shape} for the input {name!r}"
            raise _checks.error(argument, rule, array.shape)
        if not np.isfinite(array).all():
            rule = f"be finite for the input {name!r}"
            bad = f"{int((~np.isfinite(array)).sum())} of {array.size} are not"
            raise _checks.error(argument, rule, bad)
        dtype = self.dtypes[name]
        if dtype in _WHOLE and (array.astype(dtype) != array).any():
            rule = f"hold whole numbers for the input {name!r}"
            raise _checks.error(argument, rule, array.dtype.name)


_WHOLE = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_NUMBERS = _WHOLE | {"float16", "bfloat16", "float32", "float64", "bool"}


def _exported(name: str) -> str:
    """Returns `name` as TensorFlow allows it for an argument."""
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    return name if name[:1].isalpha() else f"input_{name.lstrip('_')}"


def _input_tensors(model):
    """Returns something with name, shape and dtype for each input of `model`."""
    if isinstance(model, keras.Sequential):
        return model.inputs[0]
    if hasattr(model, "inputs"):
        return model.input
    # A subclassed model only knows the shape that it was first called with.
    shapes = (model.get_build_config() or {}).get("input_shape")
    arguments = inspect.signature(model.call).parameters.values()
    if shapes is None or sum(a.default is a.empty for a in arguments) > 1:
        rule = "be a model of one argument that was called on data"
        remedy = "Make it a functional model: `keras.Model(inputs, model(inputs))`."
        raise _checks.error("model", rule, model.name, remedy=remedy)
    if isinstance(shapes, dict):
        return {name: keras.KerasTensor(s, name=name) for name, s in shapes.items()}
    if shapes and isinstance(shapes[0], (list, tuple)):
        return [keras.KerasTensor(s, name=f"input_{i}") for i, s in enumerate(shapes)]
    return keras.KerasTensor(shapes, name="input")
