"""Argument checks whose errors name the argument, the rule and the value."""

import math
import numbers


def error(name: str, rule: str, value, *, remedy: str = "", kind=ValueError):
    """Returns (does not raise) the one form of error that this package gives."""
    remedy = f" {remedy}" if remedy else ""
    return kind(f"`{name}` must {rule}.{remedy} Received: {name}={value!r}")


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
        and math.isfinite(value)
        and (value > low if open_low else value >= low)
        and (value < high if open_high else value <= high)
    )
    if not inside:
        left = "(" if open_low or low == -math.inf else "["
        right = ")" if open_high or high == math.inf else "]"
        raise error(name, f"be a number in {left}{low:g}, {high:g}{right}", value)
    return float(value)


def ratio(name: str, value) -> float:
    """Returns `value`, size after over size before, if it is in (0, 1]."""
    return number(name, value, low=0, high=1, open_low=True)


def sparsity(name: str, value) -> float:
    """Returns `value`, the share of weights removed, if it is in [0, 1)."""
    return number(name, value, low=0, high=1, open_high=True)


def boolean(name: str, value) -> bool:
    if not isinstance(value, bool):
        raise error(name, "be True or False", value, kind=TypeError)
    return value


def choice(name: str, value, options):
    if value not in options:
        names = ", ".join(repr(option) for option in options)
        raise error(name, f"be one of {names}", value)
    return value


def instance(name: str, value, kind, what: str):
    """Returns `value` if it is a `kind`; `what` says that kind in words."""
    if not isinstance(value, kind):
        raise error(name, f"be {what}", value, kind=TypeError)
    return value
