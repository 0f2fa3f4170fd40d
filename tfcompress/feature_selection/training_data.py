"""Data for a selection of features, checked and split."""

import dataclasses
import warnings

import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class TrainingData:
    """Samples to train and to validate on, with the features that vary.

    `columns` says which of the `features` given those are; `units` is the size of a
    model's output.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    columns: np.ndarray
    features: int
    units: int


def training_data(x, y, task, validation_split, seed) -> TrainingData:
    """Returns `x` and `y` checked, split at random, and without constant features."""
    _checks.number(
        "validation_split",
        validation_split,
        low=0,
        high=1,
        open_low=True,
        open_high=True,
    )
    x, y = finite_features(x), np.asarray(y)
    if not y.ndim or len(x) != len(y):
        rule = f"have as many samples as `x`, {len(x)}"
        raise _checks.error("y", rule, y.shape)
    y, units = _classes(y) if task == "classification" else _values(y)
    varying = np.flatnonzero(np.ptp(x, axis=0) > 0)
    if not len(varying):
        raise _checks.error("x", "have a feature that is not constant", x.shape)
    if len(varying) < x.shape[1]:
        constant = x.shape[1] - len(varying)
        warnings.warn(
            f"{constant} of {x.shape[1]} features are constant: they say nothing, and "
            "are left out from the beginning.",
            stacklevel=3,
        )
    held_out = round(len(x) * validation_split)
    if not 0 < held_out < len(x):
        rule = f"leave samples on both sides of a split of {len(x)}"
        raise _checks.error("validation_split", rule, validation_split)
    order = np.random.default_rng(seed).permutation(len(x))
    val, train = order[:held_out], order[held_out:]
    kept = x[:, varying]
    return TrainingData(
        kept[train], y[train], kept[val], y[val], varying, x.shape[1], units
    )


def finite_features(x, name="x"):
    """Returns `x`, which the user calls `name`, as float32 if all of it is finite."""
    try:
        x = np.asarray(x)
        if x.dtype.kind not in "biuf":
            raise TypeError(f"they are {x.dtype}")
    except (TypeError, ValueError) as fault:
        rule = f"be a table of numbers ({fault})"
        raise _checks.error(name, rule, type(x).__name__) from fault
    x = x.astype("float32", copy=False)
    if x.ndim != 2 or 0 in x.shape:
        rule = "have two axes, (samples, features), neither of them empty"
        raise _checks.error(name, rule, x.shape)
    bad = np.flatnonzero(~np.isfinite(x).all(axis=0))
    if len(bad):
        named = ", ".join(map(str, bad[:10])) + (", ..." if len(bad) > 10 else "")
        raise ValueError(
            f"`{name}` must hold finite numbers only. Impute or drop what is missing. "
            f"Received: not finite in {len(bad)} of {x.shape[1]} features: {named}"
        )
    return x


def _classes(y):
    rule = "hold class numbers from 0 on, of shape (samples,), for classification"
    if y.ndim != 1 or not np.issubdtype(y.dtype, np.integer) or y.min() < 0:
        raise _checks.error("y", rule, f"{y.dtype} of shape {y.shape}")
    if y.min() == y.max():
        rule = "hold two classes or more: one is no choice, and needs no feature"
        raise _checks.error("y", rule, f"class {y.min()} alone")
    return y.astype("int32"), int(y.max()) + 1


def _values(y):
    rule = "hold finite numbers, (samples,) or (samples, outputs), for regression"
    if y.ndim not in (1, 2) or not np.issubdtype(y.dtype, np.number):
        raise _checks.error("y", rule, f"{y.dtype} of shape {y.shape}")
    y = y.astype("float32").reshape(len(y), -1)
    if not np.isfinite(y).all():
        raise _checks.error("y", rule, "values that are not finite")
    return y, y.shape[1]
