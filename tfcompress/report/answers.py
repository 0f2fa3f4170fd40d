"""How often a model is right, in which classes, and where it differs from its baseline."""

import dataclasses

import numpy as np

from tfcompress.report import words
from tfcompress.report.grid import Grid
from tfcompress.report.intervals import change_interval, share_interval
from tfcompress.report.plot import bars, percent
from tfcompress.report.section import Section

MOST_CLASSES = 30  # a longer table is not read; JSON has them all


@dataclasses.dataclass(frozen=True)
class ClassAnswers:
    """The examples of one class.

    Args:
        label: Index of the class.
        examples: How many there are.
        right: How many the model has right.
        baseline_right: How many the baseline has right, or None.
    """

    label: int
    examples: int
    right: int
    baseline_right: int | None = None


@dataclasses.dataclass(frozen=True)
class Answers(Section):
    """The answers of a classifier to labelled examples, and those of its baseline.

    Args:
        examples: How many there are.
        right: How many the model has right.
        classes: A `ClassAnswers` for each class that occurs.
        baseline_right: How many the baseline has right, or None without one.
        both_right: How many both have right.
        same: On how many both say the same class, right or wrong.
    """

    title = "Answers"
    examples: int
    right: int
    classes: tuple[ClassAnswers, ...]
    baseline_right: int | None = None
    both_right: int | None = None
    same: int | None = None

    @classmethod
    def of(cls, predictions, y, baseline=None) -> "Answers":
        """Returns the answers of `predictions`, and of those of the `baseline`."""
        labels = predictions.labels(y)
        right = predictions.classes == labels
        theirs = None if baseline is None else baseline.classes == labels
        classes = []
        for label in np.unique(labels):
            of_class = labels == label
            before = None if theirs is None else int(theirs[of_class].sum())
            sums = int(of_class.sum()), int(right[of_class].sum())
            classes.append(ClassAnswers(int(label), *sums, before))
        sums = len(labels), int(right.sum()), tuple(classes)
        if baseline is None:
            return cls(*sums)
        same = int((predictions.classes == baseline.classes).sum())
        return cls(*sums, int(theirs.sum()), int((right & theirs).sum()), same)

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.right / self.examples

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the accuracy."""
        return share_interval(self.right, self.examples)

    @property
    def change(self) -> float | None:
        """The accuracy less that of the baseline."""
        if self.baseline_right is None:
            return None
        return (self.right - self.baseline_right) / self.examples

    @property
    def change_interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of the change, on the same examples."""
        if self.baseline_right is None:
            return None
        gained = self.right - self.both_right
        lost = self.baseline_right - self.both_right
        return change_interval(gained, lost, self.examples)

    @property
    def agreement(self) -> float | None:
        """The share of examples to which both give the same answer, right or wrong."""
        return None if self.same is None else self.same / self.examples

    def as_dict(self):
        names = "accuracy", "interval", "change", "change_interval", "agreement"
        return {
            **super().as_dict(),
            **{name: getattr(self, name) for name in names},
        }

    def grids(self):
        if self.baseline_right is None or len(self.classes) > MOST_CLASSES:
            return []
        head = ["Class", "Examples", "Accuracy", "Baseline", "Change"]
        rows = [
            [
                str(one.label),
                words.count(one.examples),
                words.share(one.right / one.examples),
                words.share(one.baseline_right / one.examples),
                words.points((one.right - one.baseline_right) / one.examples),
            ]
            for one in self.classes
        ]
        return [Grid(head, rows, title="Accuracy by class")]

    def remarks(self):
        low, high = self.interval
        line = f"Accuracy: {self.accuracy:.2%} (95 % interval {low:.2%} to {high:.2%})"
        if self.baseline_right is None:
            return [f"{line} on {self.examples:,} examples."]
        before = self.baseline_right / self.examples
        low, high = (words.points(end) for end in self.change_interval)
        worst = min(self.classes, key=_change)
        lines = [
            f"{line} on {self.examples:,} examples; baseline: {before:.2%}.",
            f"Change: {words.points(self.change)} points (95 % interval {low} to {high}).",
            f"The same answer as the baseline: {self.agreement:.2%}.",
        ]
        if _change(worst) < 0:
            change = words.points(_change(worst))
            lines.append(f"Most is lost in class {worst.label}: {change} points.")
        return lines

    def scalars(self):
        known = {"accuracy": self.accuracy, "agreement": self.agreement}
        return {name: value for name, value in known.items() if value is not None}

    def figure(self):
        if len(self.classes) > MOST_CLASSES:
            return None
        before = self.baseline_right is not None
        return bars(
            [f"class {one.label}" for one in self.classes],
            [one.right / one.examples for one in self.classes],
            [one.baseline_right / one.examples for one in self.classes]
            if before
            else None,
            measure="accuracy",
            unit=percent(),
        )


def _change(one):
    return (one.right - one.baseline_right) / one.examples
