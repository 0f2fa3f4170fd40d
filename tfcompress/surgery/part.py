"""A layer, or a layer inside another, and the names of its weights."""

import dataclasses
import operator

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Part:
    """A layer as the model knows it, and the path from there to the layer meant.

    Args:
        layer: The `keras.Operation` that the model holds.
        path: The attributes that lead inside, as in `"forward_layer.cell"`.
    """

    layer: keras.Operation
    path: str = ""

    @property
    def inner(self):
        """The layer meant: `layer` itself, or one inside."""
        return operator.attrgetter(self.path)(self.layer) if self.path else self.layer

    def inside(self, path: str) -> "Part":
        """Returns the part at `path` inside this one."""
        return Part(self.layer, self.name(path))

    def name(self, weight: str) -> str:
        """Returns the path of `weight` from the layer that the model knows."""
        return f"{self.path}.{weight}" if self.path else weight

    def get(self, weight: str):
        """Returns `weight` itself."""
        return operator.attrgetter(weight)(self.inner)

    def has(self, weight: str) -> bool:
        value = self.inner
        for name in weight.split("."):
            value = getattr(value, name, None)
        return value is not None

    def array(self, weight: str) -> np.ndarray:
        """Returns the values of `weight` in float32, or in float64 if they are."""
        value = self.get(weight)
        dtype = keras.backend.standardize_dtype(value.dtype)
        wide = dtype if dtype == "float64" else "float32"
        return keras.ops.convert_to_numpy(keras.ops.cast(value, wide))

    def __str__(self):
        return f"{type(self.inner).__name__} {self.layer.name!r}"
