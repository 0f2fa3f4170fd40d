"""What a search trains on, and what it chooses by."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples, labels, pair
from tfcompress.export.signature import Signature


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """Examples with labels, in a part to train on and one to choose by."""

    x: object
    y: np.ndarray
    x_validation: object
    y_validation: np.ndarray

    @classmethod
    def of(cls, data, validation_data, validation_split, model=None) -> "Examples":
        """Returns `data` with its validation part: the last of them, as Keras has it.

        Args:
            data: Pair `(x, y)`.
            validation_data: Another, or None.
            validation_split: Share of `data` that takes its place.
            model: The classifier that they are for, if it is known.
        """
        x, y = _checked("data", data, model)
        if validation_data is not None:
            return cls(x, y, *_checked("validation_data", validation_data, model))
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

    def for_files(self, model):
        """Returns those to choose by as the files of `model` take them, and labels."""
        x = self.x_validation
        if isinstance(x, (list, tuple)):  # which files know by name alone
            x = Signature.of(model).arrays("data", x)
        return x, self.y_validation

    def to_compare(self, count):
        """Returns the first examples to choose by, as a pair."""
        return _part(self.x_validation, None, count), self.y_validation[:count]


def _checked(name, data, model):
    x, y = pair(name, data)
    x, y = examples(name, x, model), np.asarray(y)
    count = len(keras.tree.flatten(x)[0])
    if not y.ndim or len(y) != count:
        rule = "hold one label for each example"
        raise _checks.error(name, rule, f"{count} examples, labels of {y.shape}")
    if model is not None:
        labels(name, y, count=count, classes=model.outputs[0].shape[-1])
    return x, y


def _part(x, begin, end):
    return keras.tree.map_structure(lambda array: array[begin:end], x)
