"""What one training of a ticket, or of a control, has shown."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class TrainedTicket:
    """One training in a search for tickets.

    Attributes:
        round: How often weights had been removed before it.
        variant: `"ticket"`; or a control, `"reinitialized"` or `"random_mask"`.
        weights_left: The share of the pruned weights that is left, 1 in round 0.
        early_stop: The iteration, counted from the beginning of the run, at which the
            monitored metric was least.
        metrics: The metrics at that iteration.
        final: The metrics at the end.
    """

    round: int
    variant: str
    weights_left: float
    early_stop: int
    metrics: dict[str, float]
    final: dict[str, float]

    @classmethod
    def of(cls, history, monitor, steps, first_epoch, **what) -> "TrainedTicket":
        """Returns what `history` says, of a run with so many `steps` in an epoch."""
        history = _metrics(history)
        if monitor not in history:
            remedy = f"There are: {', '.join(history)}."
            rule = "be a metric that `fit_fn` returns"
            raise _checks.error("monitor", rule, monitor, remedy=remedy)
        best = int(np.argmin(history[monitor]))
        return cls(
            early_stop=(first_epoch + best + 1) * steps,
            metrics={name: float(values[best]) for name, values in history.items()},
            final={name: float(values[-1]) for name, values in history.items()},
            **what,
        )


def _metrics(history):
    metrics = getattr(history, "history", history)
    length = {len(v) for v in metrics.values()} if isinstance(metrics, Mapping) else {0}
    if len(length) != 1 or 0 in length:
        rule = (
            "return what `fit` returned, or a dict of lists, one number for each epoch"
        )
        raise _checks.error("fit_fn", rule, history, kind=TypeError)
    return metrics
