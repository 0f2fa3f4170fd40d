"""What every data set of this package looks like."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples with their labels, split once and for all into training and test.

    Args:
        x_train: `(n, ...)` float32, one example a row: images in [0, 1] of
            `(height, width, channels)`, sequences of `(steps, features)`, or features.
        y_train: `(n,)` int32, the index of each example's class.
        x_test: As `x_train`; no example is in both.
        y_test: As `y_train`.
        classes: Tuple of the classes' names, in the order of their indices.
        name: The name that `load` knows it by.
        x_validation: As `x_train`, where its authors set such a part aside; else None.
        y_validation: As `y_train`, or None.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]
    name: str
    x_validation: np.ndarray | None = None
    y_validation: np.ndarray | None = None

    def __repr__(self) -> str:
        size = " x ".join(map(str, self.x_train.shape[1:]))
        return (
            f"Dataset({self.name}: {len(self.x_train)} training and "
            f"{len(self.x_test)} test examples of {size}, {len(self.classes)} classes)"
        )
