"""What a classifier says of examples."""

import dataclasses
import functools

import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True, eq=False)
class Predictions:
    """The outputs of a classifier, as classes and as probabilities.

    Args:
        outputs: `(examples, classes)`; or `(examples, 1)`, the probability of the
            second of two classes.
    """

    outputs: np.ndarray

    @classmethod
    def of(cls, model, x) -> "Predictions":
        """Returns what `model`, anything with Keras's `predict`, says of `x`."""
        outputs = np.asarray(model.predict(x, verbose=0))
        if outputs.ndim != 2:
            rule = "belong to a model with one row of outputs for each example"
            raise _checks.error("data", rule, outputs.shape)
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

    def labels(self, y) -> np.ndarray:
        """Returns `y`, class indices or one-hot rows for the examples, as indices."""
        y = np.asarray(y)
        count, width = self.outputs.shape
        one_hot = y.ndim == 2 and y.shape[1] == width > 1
        labels = y.argmax(-1) if one_hot else y.reshape(-1)
        if not len(labels) or len(labels) != count:
            rule = f"have one label for each of the {count} examples"
            raise _checks.error("data", rule, y.shape)
        return labels


def pair(name: str, data):
    """Returns `data` if it is a pair `(x, y)`."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise _checks.error(name, "be a pair (x, y)", type(data).__name__)
    return data
