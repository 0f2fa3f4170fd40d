"""Data that are named on the command line."""

import dataclasses
import pathlib

from tfcompress import _checks
from tfcompress.array_file import read_arrays
from tfcompress.datasets.load import load

PAIRS = {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}
HOLDS = "x_train, y_train, x_test and y_test, or x and y"


@dataclasses.dataclass(frozen=True)
class Data:
    """Labelled examples, in two parts or in one.

    Args:
        name: The name that was given, for messages.
        train: Pair `(x, y)` to train on, or None.
        test: Pair `(x, y)` to judge by, or None.
        whole: Pair `(x, y)` that is not split, or None.
    """

    name: str
    train: tuple | None = None
    test: tuple | None = None
    whole: tuple | None = None

    def to_train_on(self, model):
        """Returns the part to train on, once it is sure to fit `model`."""
        return self._part("train", model)

    def to_judge_by(self, model):
        """Returns the part to judge by: that for tests, or the whole."""
        return self._part("test", model)

    def held_out(self, model):
        """Returns the part that nothing was trained on, or None."""
        return None if self.test is None else self._part("test", model)

    def _part(self, part, model):
        found = getattr(self, part) or self.whole
        if found is None:
            raise ValueError(f"{self.name} has no {' and '.join(PAIRS[part])}.")
        _check_shape(self.name, model, found[0])
        return found


def load_data(name: str) -> Data:
    """Returns the data in an `.npz` file, or the data set of that name.

    Raises:
        ValueError: There is no such file, or it does not hold arrays of these names.
        OSError: The data set is not in the cache and cannot be downloaded.
    """
    if pathlib.Path(name).suffix != ".npz":
        found = load(name)
        train, test = (found.x_train, found.y_train), (found.x_test, found.y_test)
        return Data(name, train=train, test=test)
    if not pathlib.Path(name).is_file():
        raise ValueError(f"There is no file {name}.")
    arrays = read_arrays(name)
    parts = {"whole": ("x", "y"), **PAIRS}
    found = {
        part: (arrays[x], _indices(name, arrays[x], arrays[y]))
        for part, (x, y) in parts.items()
        if x in arrays and y in arrays
    }
    if not found:
        raise ValueError(f"{name} must hold {HOLDS}. It holds: {', '.join(arrays)}.")
    return Data(name, **found)


def _indices(name, x, y):
    """The labels `y`, where they are one-hot rows as indices."""
    labels = y.argmax(-1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1)
    if len(labels) != len(x):
        raise ValueError(f"{name} must hold one label for each of {len(x)} examples.")
    return labels


def _check_shape(name, model, x):
    inputs = getattr(model, "inputs", None) or ()
    if len(inputs) > 1:
        names = ", ".join(f"'{one.name}'" for one in inputs)
        rule = f"have one input, as data of the command line have: it has {names}"
        remedy = "Use the functions of Python: they take a list of arrays, or a dict."
        raise _checks.error("model", rule, model.name, remedy=remedy)
    shapes = getattr(model, "input_shape", None)
    if not isinstance(shapes, tuple):  # a subclassed model
        return
    sizes = shapes[1:]
    fits = len(sizes) == x.ndim - 1 and all(
        wanted in (None, size) for wanted, size in zip(sizes, x.shape[1:], strict=True)
    )
    if not fits:
        rule = f"hold examples of {sizes}, as {model.name!r} takes them"
        raise _checks.error("data", f"{rule}, not of {x.shape[1:]}", name)
