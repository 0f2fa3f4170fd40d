"""What a search trains on, and what it chooses by."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """Examples with labels, in a part to train on and one to choose by."""

    x: object
    y: np.ndarray
    x_validation: object
    y_validation: np.ndarray

    @classmethod
    def of(cls, data, validation_data, validation_split) -> "Examples":
        """Returns `data` with its validation part: the last of them, as Keras has it."""
        x, y = _pair("data", data)
        if validation_data is not None:
            return cls(x, y, *_pair("validation_data", validation_data))
        share = _checks.number(
            "validation_split",
            validation_split,
            low=0,
            high=1,
            open_low=True,
            open_high=True,
        )
        count = len(y) - round(share * len(y))
        if not 0 < count < len(y):
            rule = "leave examples to train on and to choose by"
            raise _checks.error("validation_split", rule, validation_split)
        return cls(_part(x, None, count), y[:count], _part(x, count, None), y[count:])

    def first(self, count):
        """Returns the inputs of the first examples to train on."""
        return _part(self.x, None, count)

    def to_compare(self, count):
        """Returns the first examples to choose by, as a pair."""
        return _part(self.x_validation, None, count), self.y_validation[:count]


def _pair(name, data):
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise _checks.error(name, "be a pair (x, y)", type(data).__name__)
    x, y = keras.tree.map_structure(np.asarray, data[0]), np.asarray(data[1])
    counts = {len(array) for array in (*keras.tree.flatten(x), y)}
    if len(counts) != 1 or counts == {0}:
        rule = "hold one label for each example"
        raise _checks.error(name, rule, sorted(counts))
    return x, y


def _part(x, begin, end):
    return keras.tree.map_structure(lambda array: array[begin:end], x)
