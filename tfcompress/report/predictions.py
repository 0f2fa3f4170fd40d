"""What a classifier says of examples."""

import dataclasses
import functools

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.examples import labels


@dataclasses.dataclass(frozen=True, eq=False)
class Predictions:
    """The outputs of a classifier, as classes and as probabilities.

    Args:
        outputs: `(examples, classes)`; or `(examples, 1)`, the probability of the
            second of two classes.
    """

    outputs: np.ndarray

    @classmethod
    def of(cls, model, x, name: str = "data") -> "Predictions":
        """Returns what `model`, anything with Keras's `predict`, says of `x`.

        `name` is what the user calls the examples.
        """
        outputs = model.predict(x, verbose=0)
        if keras.tree.is_nested(outputs):
            rule = "belong to a model of one output: it says how many classes are right"
            count = len(keras.tree.flatten(outputs))
            raise _checks.error(name, rule, f"a model of {count}")
        outputs = np.asarray(outputs)
        if outputs.ndim != 2:
            rule = "belong to a model with one row of outputs for each example"
            raise _checks.error(name, rule, outputs.shape)
        if not np.isfinite(outputs).all():  # the class of a NaN would be the first
            rule = (
                "give finite outputs: it has weights that are not, or cannot take `x`"
            )
            name = getattr(model, "name", model)
            raise _checks.error("model", rule, name)
        return cls(outputs)

    @functools.cached_property
    def classes(self) -> np.ndarray:
        """The greatest output of each example; of one, whether it is above 0.5."""
        if self.outputs.shape[1] == 1:
            return (self.outputs[:, 0] > 0.5).astype(int)
        return self.outputs.argmax(-1)

    @property
    def probabilities(self) -> np.ndarray:
        """The outputs, or their softmax where they are no probabilities."""
        outputs = self.outputs.astype("float64")
        # Rounded to half precision, rows of many classes sum to 1 only so far.
        sums = np.abs(outputs.sum(-1) - 1).max(initial=0) < 1e-2
        if outputs.shape[1] == 1 or (sums and (outputs >= 0).all()):
            return outputs
        powers = np.exp(outputs - outputs.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)

    def labels(self, y, name: str = "data") -> np.ndarray:
        """Returns `y`, class indices or one-hot rows for the examples, as indices.

        `name` is what the user calls them.
        """
        count, classes = self.outputs.shape
        return labels(name, y, count=count, classes=classes)
