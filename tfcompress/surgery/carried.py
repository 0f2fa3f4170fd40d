"""What became of one variable."""

import dataclasses

import keras
import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Carried:
    """A variable of the smaller model, and what of the old one it holds.

    Args:
        old: The variable of the model before.
        new: That of the smaller model.
        kept: For each axis the places that stayed, or None for all.
        factor: What the values were multiplied by.
    """

    old: keras.Variable
    new: keras.Variable
    kept: tuple[np.ndarray | None, ...]
    factor: float = 1.0

    def taken(self, array: np.ndarray) -> np.ndarray:
        """Returns what stays of an array that is shaped as the old variable."""
        for axis, kept in enumerate(self.kept):
            if kept is not None:
                array = array.compress(kept, axis)
        return array

    def of(self, origin: dict[int, keras.Variable]) -> "Carried":
        """Returns the same of the variable that `origin` has for the `id` of the old."""
        return dataclasses.replace(self, old=origin.get(id(self.old), self.old))
