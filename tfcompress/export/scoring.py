"""The accuracy that a file must have, beside its model."""

import dataclasses

import numpy as np

from tfcompress import _checks
from tfcompress.export.export_error import ExportError
from tfcompress.report.accuracy import accuracy


@dataclasses.dataclass(frozen=True)
class Scoring:
    """Labelled examples, and how many of them a file must get right.

    Args:
        inputs: The examples, by input name.
        labels: A class index for each, or one-hot rows.
        accuracy: The share that the model gets right.
        drop: How much less a file may get right.
    """

    inputs: dict[str, np.ndarray]
    labels: np.ndarray
    accuracy: float
    drop: float

    @classmethod
    def of(cls, model, signature, data, drop: float) -> "Scoring":
        """Returns the scoring of files of `model` on `data`, a pair `(x, y)`.

        Raises:
            ValueError: `data` is no such pair, or does not fit the model.
        """
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise _checks.error(
                "accuracy_data", "be a pair (x, y)", type(data).__name__
            )
        inputs = signature.arrays("accuracy_data", data[0])
        labels = data[1]
        right = accuracy(model, (signature.pack(inputs), labels), "accuracy_data")
        return cls(inputs, labels, right, drop)

    def check(self, file, made: str) -> float:
        """Returns the accuracy of `file`, a `TFLiteModel`; `made` says how it was made.

        Raises:
            ExportError: It is lower than the model's by more than `drop`.
        """
        right = accuracy(file, (self.inputs, self.labels))
        if right < self.accuracy - self.drop:
            raise ExportError(
                f"The file made with {made} gets {right:.2%} of `accuracy_data` right, "
                f"the model {self.accuracy:.2%}; `max_accuracy_drop` allows "
                f"{self.drop:.2%} less. Nothing was written."
            )
        return right
