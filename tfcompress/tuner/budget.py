"""What a compressed model may cost, and what it may lose."""

import dataclasses
from collections.abc import Mapping

from tfcompress import _checks

COSTS = ("bytes", "macs", "latency_us")


@dataclasses.dataclass(frozen=True)
class Budget:
    r"""What the exported file of a model may cost, and how much accuracy it may lose.

    One number says how good a file is. With costs $c_i$ of limits $l_i$, accuracy $a$,
    $a_0$ of the model before:

    $$ score = a \text{ within the budget, else }
       -\sum_i \max(0, c_i / l_i - 1) - \max(0, a_0 - a - drop) $$

    So any file within the budget is above any that is not. Where only `accuracy_drop`
    is given the smaller file is better: within it the score is
    $1 - bytes / bytes_0$, where $bytes_0$ is the float32 file of the model before.

    Args:
        bytes: Integer, the size of the `.tflite` file on disk, or None for any.
        macs: Integer, multiply-accumulates of one example, or None for any.
        latency_us: Microseconds that LiteRT takes for one example on this machine with
            one thread, the median of several calls; or None for any.
        accuracy_drop: Share of right answers that may be lost against the model before,
            in `[0, 1)`: 0.01 is one point. None for any.

    Raises:
        ValueError: If nothing is given, or a number is out of its range.

    Example:

    >>> budget = tfc.tuner.Budget(bytes=50_000)
    >>> budget.score({"bytes": 40_000, "accuracy": 0.9})
    0.9
    >>> budget.score({"bytes": 75_000, "accuracy": 0.95})
    -0.5
    """

    bytes: int | None = None
    macs: int | None = None
    latency_us: float | None = None
    accuracy_drop: float | None = None

    def __post_init__(self):
        for name in ("bytes", "macs"):
            if getattr(self, name) is not None:
                self._set(name, _checks.integer(name, getattr(self, name)))
        if self.latency_us is not None:
            name, above = "latency_us", {"low": 0, "open_low": True}
            self._set(name, _checks.number(name, self.latency_us, **above))
        if self.accuracy_drop is not None:
            name = "accuracy_drop"
            self._set(name, _checks.sparsity(name, self.accuracy_drop))
        if not self.limits and self.accuracy_drop is None:
            rule = "be given, or `macs`, `latency_us` or `accuracy_drop`"
            raise _checks.error("bytes", rule, self.bytes)

    def _set(self, name, value):
        object.__setattr__(self, name, value)  # frozen for everybody else

    @property
    def limits(self) -> dict[str, float]:
        """The limits of what a file costs, by their names."""
        given = {name: getattr(self, name) for name in COSTS}
        return {name: limit for name, limit in given.items() if limit is not None}

    def excess(self, figures, baseline=None) -> float:
        """Returns by how much `figures` are beyond the budget; 0 is within.

        Args:
            figures: Mapping with `accuracy` and the costs that are limited.
            baseline: The same of the model before, for `accuracy_drop`.
        """
        needed = [*self.limits] + ["accuracy"] * (self.accuracy_drop is not None)
        _check("figures", figures, needed)
        beyond = sum(
            max(0.0, figures[name] / limit - 1) for name, limit in self.limits.items()
        )
        if self.accuracy_drop is None:
            return beyond
        _check("baseline", baseline, ["accuracy"])
        lost = baseline["accuracy"] - figures["accuracy"]
        # A count of answers over their number: not exact in binary.
        return beyond + max(0.0, round(lost - self.accuracy_drop, 9))

    def score(self, figures, baseline=None) -> float:
        """Returns the one number by which a search compares files; higher is better."""
        beyond = self.excess(figures, baseline)
        if beyond:
            return -beyond
        if self.limits:
            _check("figures", figures, ["accuracy"])
            return figures["accuracy"]
        for name, given in (("figures", figures), ("baseline", baseline)):
            _check(name, given, ["bytes"])
        return 1 - figures["bytes"] / baseline["bytes"]


def _check(name, figures, needed):
    _checks.instance(name, figures, Mapping, f"a mapping with {needed}")
    for each in needed:
        if each not in figures:
            raise _checks.error(name, f"have {each!r}", [*figures])
        _checks.number(f"{name}[{each!r}]", figures[each])
