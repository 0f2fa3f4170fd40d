"""What a search for a compression has found."""

import dataclasses
import json
import pathlib

import keras

from tfcompress.report.report import Report, report
from tfcompress.sensitivity.sensitivity import Sensitivity
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.front_plot import front_plot
from tfcompress.tuner.pareto import pareto
from tfcompress.tuner.trial import Trial
from tfcompress.writing import picture_target, write_text


@dataclasses.dataclass(frozen=True, eq=False)
class Tuning:
    """What `tfcompress.tune` has found; `str` of it says whether the budget is met.

    Attributes:
        best: The `Trial` of the greatest score: within the budget the most accurate, or
            the nearest to it.
        met: Whether `best` is within the budget.
        obstacle: Which layer stands in the way where it is not, and why; else `""`.
        trials: All trials, in the order of the search.
        baseline: The float32 file of the model before, as a `Trial`.
        budget: The `Budget`.
        sensitivity: The `Sensitivity` that the search began with.
        searches: For each search without training a dict: the `methods`, how many
            `candidates` were looked at, and the accuracies before training of the best
            of one ratio for all layers (`uniform`), of what the sensitivities suggest
            (`sensitivity`) and of the best found (`found`); None where none fits.
        model_before: The model that was given.
    """

    best: Trial
    met: bool
    obstacle: str
    trials: tuple[Trial, ...]
    baseline: Trial
    budget: Budget
    sensitivity: Sensitivity
    searches: tuple[dict, ...]
    model_before: keras.Model

    @property
    def path(self) -> pathlib.Path:
        """The `.tflite` file of the best trial."""
        return self.best.path

    @property
    def model(self) -> keras.Model:
        """The Keras model of the best trial, trained; loaded anew at each call."""
        return self.best.model()

    @property
    def front(self) -> list[Trial]:
        """The trials that no other one beats in both bytes and accuracy, by bytes."""
        return pareto([trial for trial in self.trials if not trial.fault])

    @property
    def failures(self) -> list[Trial]:
        """The trials that failed; `fault` of each says why."""
        return [trial for trial in self.trials if trial.fault]

    def report(self) -> Report:
        """Returns the `tfc.report` of the best model beside the model before."""
        return report(self.model, baseline=self.model_before)

    def plot(self, path):
        """Draws bytes and accuracies of all trials, and the front, to `path`."""
        picture_target(path)
        return front_plot(self, path)

    def to_json(self, path=None) -> str:
        """Returns figures of all trials as JSON; writes them to `path` too, if given."""
        content = json.dumps(
            {
                "budget": dataclasses.asdict(self.budget),
                "met": self.met,
                "obstacle": self.obstacle,
                "best": self.best.folder.name,
                "front": [trial.folder.name for trial in self.front],
                "baseline": self.baseline.get_config(),
                "trials": {t.folder.name: t.get_config() for t in self.trials},
                "searches": list(self.searches),
            },
            indent=2,
        )
        if path is not None:
            write_text(path, content + "\n")
        return content

    def __str__(self) -> str:
        met = "The budget is met." if self.met else "The budget is not met."
        lines = [met] if self.met else [met, self.obstacle]
        lines += [
            f"{'Best' if self.met else 'Nearest'}: {self.best}",
            f"File: {self.path}",
        ]
        lines += [f"Before: {self.baseline}", ""]
        return "\n".join([*lines, *(f"- {trial}" for trial in self.trials)])
