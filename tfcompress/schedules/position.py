"""Positions in a training run: steps, epochs, or a share of the run."""

import re

from tfcompress import _checks

_TEXT = re.compile(r"(\d+(?:\.\d+)?)\s*(%|epochs?)")
_RULE = "be a step (an integer of at least 0), epochs ('3 epochs') or a share ('10%')"


def check_position(name: str, position) -> int | str:
    """Returns `position` if it is one: `500`, `"2.5 epochs"` or `"10%"`."""
    _parse(name, position)
    return position if isinstance(position, str) else int(position)


def to_step(name: str, position, steps_per_epoch: int, epochs: int) -> int:
    """Returns the step, counted from the start of the run, at `position`.

    Example:

    >>> to_step("end", "2.5 epochs", steps_per_epoch=100, epochs=4)
    250
    >>> to_step("end", "75%", steps_per_epoch=100, epochs=4)
    300
    """
    amount, unit = _parse(name, position)
    if unit == "steps":
        return int(amount)
    if unit == "%":
        amount *= epochs / 100
    return round(amount * steps_per_epoch)


def _parse(name, position):
    if not isinstance(position, str):
        try:
            return _checks.integer(name, position, low=0), "steps"
        except ValueError:
            raise _checks.error(name, _RULE, position) from None
    match = _TEXT.fullmatch(position.strip())
    if match is None or (match[2] == "%" and float(match[1]) > 100):
        raise _checks.error(name, _RULE, position)
    return float(match[1]), match[2]
