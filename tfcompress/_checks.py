"""Argument checks whose errors name the argument, the rule and the value."""

import json
import math
import numbers
import os
import pathlib
from collections.abc import Iterable, Mapping

import numpy as np

# Of what was received: enough to know it again, not a screen full of it.
LONGEST = 500


def error(name: str, rule: str, value, *, remedy: str = "", kind=ValueError):
    """Returns (does not raise) the one form of error that this package gives."""
    remedy = f" {remedy}" if remedy else ""
    return kind(f"`{name}` must {rule}.{remedy} Received: {name}={_shown(value)}")


def integer(name: str, value, *, low: int = 1, high: int | None = None) -> int:
    """Returns `value` as `int`, if it is a whole number in `[low, high]`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        if high is not None:
            rule = f"be an integer in [{low}, {high}]"
        elif low == 1:
            rule = "be a positive integer"
        else:
            rule = f"be an integer of at least {low}"
        raise error(name, rule, value)
    return int(value)


def number(
    name: str,
    value,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """Returns `value` as `float`, if it is finite and inside the interval."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    inside = (
        real
        and _is_finite(value)
        and (value > low if open_low else value >= low)
        and (value < high if open_high else value <= high)
    )
    if not inside:
        left = "(" if open_low or low == -math.inf else "["
        right = ")" if open_high or high == math.inf else "]"
        raise error(name, f"be a number in {left}{low:g}, {high:g}{right}", value)
    return float(value) + 0.0  # no -0.0: nobody means it, and it prints as such


def ratio(name: str, value) -> float:
    """Returns `value`, size after over size before, if it is in (0, 1]."""
    return number(name, value, low=0, high=1, open_low=True)


def sparsity(name: str, value) -> float:
    """Returns `value`, the share of weights removed, if it is in [0, 1)."""
    return number(name, value, low=0, high=1, open_high=True)


def boolean(name: str, value) -> bool:
    """Returns `value` as `bool`, if it is True or False, of Python or of NumPy."""
    if not isinstance(value, (bool, np.bool_)):
        raise error(name, "be True or False", value, kind=TypeError)
    return bool(value)


def choice(name: str, value, options):
    """Returns the one of `options` that `value` is; 1 is not True, nor 1.0 an int."""
    for option in options:
        alike = isinstance(value, type(option))
        alike = alike and isinstance(value, bool) == isinstance(option, bool)
        if alike and value == option:
            return option
    names = ", ".join(repr(option) for option in options)
    raise error(name, f"be one of {names}", value)


def instance(name: str, value, kind, what: str):
    """Returns `value` if it is a `kind`; `what` says that kind in words."""
    if not isinstance(value, kind):
        raise error(name, f"be {what}", value, kind=TypeError)
    return value


def several(name: str, value, what: str) -> tuple:
    """Returns `value` as a tuple, if it is a list of `what` (any iterable), not empty."""
    wrong = isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable)
    if wrong or not (found := tuple(value)):
        raise error(name, f"be a list of {what}, at least one", value)
    return found


def names(name: str, value, what: str = "names") -> tuple[str, ...]:
    """Returns `value`, a name or a list of them, as a tuple of names."""
    listed = isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping))
    found = (value,) if isinstance(value, str) else tuple(value) if listed else None
    if found is None or not all(isinstance(one, str) for one in found):
        raise error(name, f"be one or a list of {what}", value, kind=TypeError)
    if not found or "" in found:
        raise error(name, f"be one or a list of {what}, at least one", value)
    return found


def path(name: str, value) -> pathlib.Path:
    """Returns `value` as a `Path`, if it is one: no number, which `open` would take."""
    instance(name, value, (str, os.PathLike), "a path")
    text = os.fspath(value)
    if not isinstance(text, str) or not text:
        raise error(name, "be a path", value)
    try:
        os.stat(text)
    except (FileNotFoundError, NotADirectoryError):
        pass  # it may be going to be there
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise error(name, f"be a path that can be looked up ({why})", text) from fault
    return pathlib.Path(text)


def existing_file(name: str, value) -> pathlib.Path:
    """Returns `value` as a `Path`, if there is a file."""
    found = path(name, value)
    if not found.is_file():
        what = "; this is a folder" if found.is_dir() else ""
        raise error(name, f"be an existing file{what}", str(value))
    return found


def recipe(text, mark: str, form: int, writer: str) -> dict:
    """Returns the content of JSON whose `mark` says that it has the format `form`."""
    try:
        content = json.loads(text)
    except (RecursionError, TypeError, ValueError) as fault:
        raise error("text", "be JSON", text, remedy=f"{fault}.") from fault
    if not isinstance(content, dict) or content.pop(mark, None) != form:
        rule = f"be a recipe of format {form}, as `{writer}` writes it"
        raise error("text", rule, text)
    return content


def _is_finite(value):
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _shown(value) -> str:
    try:
        text = repr(value)
    except Exception:  # a fault of the value must not hide what is wrong
        text = f"<{type(value).__name__}>"
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
