"""What compression costs on data unlike those that a model was trained on."""

import dataclasses
from collections.abc import Mapping

from tfcompress import _checks
from tfcompress.report import words
from tfcompress.report.accuracy import accuracy
from tfcompress.report.grid import Grid
from tfcompress.report.plot import bars, percent
from tfcompress.report.section import Section


@dataclasses.dataclass(frozen=True)
class Shift:
    """The accuracies on one set of shifted data.

    Args:
        name: Name of the set.
        accuracy: Share of right answers of the model.
        baseline_accuracy: That of the baseline, or None.
        excess_error: What the model loses here against the baseline, beyond what it
            loses on the data that are not shifted; None without a baseline.
    """

    name: str
    accuracy: float
    baseline_accuracy: float | None = None
    excess_error: float | None = None


@dataclasses.dataclass(frozen=True)
class ShiftedData(Section):
    r"""The accuracy on shifted data, and the excess error.

    $$ excess = (e_{model}^{shifted} - e_{baseline}^{shifted})
              - (e_{model} - e_{baseline}) $$

    where $e$ is the share of wrong answers. Above zero, the model has lost more where
    data are unlike the training data than its accuracy on the usual data tells.

    Args:
        shifts: A `Shift` for each set.

    References:
        L. Liebenwein et al. (2021), "Lost in Pruning", arXiv:2103.03014.
    """

    title = "Shifted data"
    shifts: tuple[Shift, ...]

    @classmethod
    def of(cls, model, baseline, sets, lost):
        """Returns the accuracies on `sets`.

        Args:
            model: A classifier.
            baseline: Another, or None.
            sets: Mapping of names to pairs `(x, y)`.
            lost: Error of the model less that of the baseline on data not shifted.
        """
        check_sets(sets)
        shifts = []
        for name, data in sets.items():
            argument = f"shifted[{name!r}]"
            ours = accuracy(model, data, argument)
            if baseline is None:
                shifts.append(Shift(name, ours))
                continue
            theirs = accuracy(baseline, data, argument)
            shifts.append(Shift(name, ours, theirs, theirs - ours - lost))
        return cls(tuple(shifts))

    def grids(self):
        head = ["Data", "Accuracy", "Baseline", "Excess error"]
        rows = [
            [
                one.name,
                words.share(one.accuracy),
                words.share(one.baseline_accuracy),
                "?" if one.excess_error is None else words.points(one.excess_error),
            ]
            for one in self.shifts
        ]
        return [Grid(head, rows, title="On shifted data")]

    def remarks(self):
        return [
            "Excess error: points lost against the baseline, beyond those lost on the "
            "data that are not shifted."
        ]

    def scalars(self):
        found = {f"accuracy_{one.name}": one.accuracy for one in self.shifts}
        for one in self.shifts:
            if one.excess_error is not None:
                found[f"excess_error_{one.name}"] = one.excess_error
        return found

    def figure(self):
        compared = all(one.baseline_accuracy is not None for one in self.shifts)
        return bars(
            [one.name for one in self.shifts],
            [one.accuracy for one in self.shifts],
            [one.baseline_accuracy for one in self.shifts] if compared else None,
            measure="accuracy",
            unit=percent(),
        )


def check_sets(sets) -> None:
    """Raises unless `sets` are a mapping, to be `shifted` of a report."""
    _checks.instance("shifted", sets, Mapping, "a mapping of names to pairs (x, y)")
