"""What a model stores and computes, layer by layer and in total."""

import dataclasses
import functools
import json

import keras

from tfcompress import _checks
from tfcompress.examples import examples, pair
from tfcompress.report.answers import Answers
from tfcompress.report.calls import macs_per_example
from tfcompress.report.functional_distance import FunctionalDistance
from tfcompress.report.layer_report import LayerReport
from tfcompress.report.layers_section import LayersSection
from tfcompress.report.page import page
from tfcompress.report.plot import write
from tfcompress.report.predictions import Predictions
from tfcompress.report.rows import rows
from tfcompress.report.section import Section
from tfcompress.report.shifted_data import ShiftedData, check_sets
from tfcompress.report.table import markdown, text
from tfcompress.report.tensorboard import write_scalars
from tfcompress.report.total import Total
from tfcompress.writing import (
    file_target,
    folder_path,
    picture_target,
    write_text,
)


@dataclasses.dataclass(frozen=True)
class Report:
    """What a model stores and computes, and what was measured; `str` of it is a table.

    Args:
        name: Name of the model.
        rows: A `LayerReport` for each layer that stores or multiplies something.
        baseline: The report of the model that it is compared with, or None.
        note: Why the multiply-accumulates are not known, or `""`.
        answers: The `Answers` to the data, or None.
        noise: The `FunctionalDistance` from the baseline, or None.
        shifted: The accuracies on `ShiftedData`, or None.
        files: The `FileSizes`, or None.
        latency: The `FileLatency`, or None.
    """

    name: str
    rows: tuple[LayerReport, ...]
    baseline: "Report | None" = None
    note: str = ""
    answers: Answers | None = None
    noise: FunctionalDistance | None = None
    shifted: ShiftedData | None = None
    files: Section | None = None
    latency: Section | None = None

    @functools.cached_property
    def total(self) -> Total:
        """The sums over all layers."""
        return Total.of(self.rows)

    @property
    def times_smaller(self) -> dict[str, float | None] | None:
        """How many times larger each sum is in the baseline."""
        return self.baseline and self.total.times_smaller(self.baseline.total)

    @property
    def accuracy(self) -> float | None:
        """The share of right answers on the data that was given, or None."""
        return self.answers and self.answers.accuracy

    @property
    def sections(self) -> list[Section]:
        """What there is to show, part by part: the layers, then what was measured."""
        return [LayersSection(self), *self._measured.values()]

    def __str__(self) -> str:
        return text(self)

    def to_markdown(self) -> str:
        """Returns the table in Markdown."""
        return markdown(self)

    def to_json(self, path=None) -> str:
        """Returns all of it as JSON; writes it to `path` too, if one is given."""
        if path is not None:
            file_target(path)
        content = json.dumps(self._as_dict(), indent=2)
        if path is not None:
            write_text(path, content + "\n")
        return content

    def to_html(self, path=None) -> str:
        """Returns one page with all tables and pictures; writes it to `path` too."""
        if path is not None:
            file_target(path)
        content = page(self)
        if path is not None:
            write_text(path, content)
        return content

    def to_tensorboard(self, log_dir, step: int = 0) -> None:
        """Writes the numbers as scalars of `step`, for TensorBoard, to a folder."""
        # Asked before TensorFlow is, which ends the process for a step of no number.
        step = _checks.integer("step", step, low=0)
        write_scalars(self, folder_path("log_dir", log_dir), step)

    def plot(self, path):
        """Draws what each layer stores to the image file `path`; returns the path."""
        picture_target(path)
        return write(LayersSection(self).figure(), path)

    @property
    def _measured(self):
        names = "answers", "noise", "shifted", "files", "latency"
        found = {name: getattr(self, name) for name in names}
        return {name: part for name, part in found.items() if part is not None}

    def _as_dict(self):
        return {
            "name": self.name,
            "rows": [dataclasses.asdict(row) for row in self.rows],
            "total": dataclasses.asdict(self.total),
            "note": self.note,
            "accuracy": self.accuracy,
            **{name: part.as_dict() for name, part in self._measured.items()},
            "baseline": self.baseline and self.baseline._as_dict(),
            "times_smaller": self.times_smaller,
        }


def report(model, *, baseline=None, data=None, shifted=None, noise=False) -> Report:
    """Returns what `model` stores and computes, layer by layer and in total.

    *Parameters* are the numbers in the variables, as `count_params` has them.
    *Stored bits* are what they need: a kernel answers for its own (one bit for a
    binary weight), any other variable takes those of its type. *MACs* are the
    multiply-accumulates of one example; `macs` says which are counted, and takes
    rules for layers of other types.

    None of it is a file's size or a time: a zero takes as many bits as any number
    until it is exported sparse, and fewer MACs are not always faster. Layers that
    neither store nor multiply have no row. Products of two inputs outside of
    attention layers, and weights that a custom layer uses without calling the layer
    that holds them, are not seen.

    Args:
        model: A built Keras model.
        baseline: A model to compare it with, or None. Layers are matched by name.
        data: Pair `(x, y)` to ask both, or None; `y` holds class indices or one-hot
            rows. They should be data on which nothing was chosen or trained.
        shifted: Mapping of names to such pairs, of data unlike those of the training,
            or None. It needs `data`.
        noise: Whether to measure how far both are apart on `data` with noise. It needs
            `data` of floats and `baseline`, and takes 22 predictions of 1000 inputs.

    Returns:
        A `Report`: print it, or take `rows`, `total`, `to_markdown()`, `to_json()`,
        `to_html()`, `plot(path)`.

    Raises:
        TypeError: `model` or `baseline` is not a Keras model.
        ValueError: It is not built, or `data` does not fit it, or is missing.

    Example:

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="d")])
    >>> total = report(model).total
    >>> total.parameters, total.stored_bits, total.macs  # 3 * 4 weights and 4 biases
    (16, 512, 12)
    """
    _check("model", model)
    if baseline is not None:
        _check("baseline", baseline)
    _checks.boolean("noise", noise)
    if noise and (data is None or baseline is None):
        rule = "be False without `data` and `baseline`"
        raise _checks.error("noise", rule, noise)
    if shifted is not None:
        check_sets(shifted)
    if shifted is not None and data is None:
        rule = "come with `data`, which it is compared with"
        raise _checks.error("shifted", rule, [*shifted])
    found = _counted(model)
    if baseline is not None:
        found = dataclasses.replace(found, baseline=_counted(baseline))
    if data is None:
        return found
    x, y = pair("data", data)
    x = examples("data", x, model)
    found = _with_answers(found, model, baseline, x, y)
    if noise:
        distance = FunctionalDistance.between(model, baseline, x)
        found = dataclasses.replace(found, noise=distance)
    if shifted is not None:
        lost = -(found.answers.change or 0.0)
        part = ShiftedData.of(model, baseline, shifted, lost)
        found = dataclasses.replace(found, shifted=part)
    return found


def _counted(model):
    """The report of what can be counted, without data."""
    try:
        macs, note = macs_per_example(model), ""
    except Exception as error:
        # A model that cannot be traced still has parameters to tell of.
        macs, note = {}, f"MACs are not known: {error}"
    return Report(name=model.name, rows=rows(model, macs), note=note)


def _with_answers(found, model, baseline, x, y):
    ours = Predictions.of(model, x)
    if baseline is None:
        return dataclasses.replace(found, answers=Answers.of(ours, y))
    theirs = Predictions.of(baseline, x)
    before = dataclasses.replace(found.baseline, answers=Answers.of(theirs, y))
    answers = Answers.of(ours, y, theirs)
    return dataclasses.replace(found, baseline=before, answers=answers)


def _check(name, model):
    _checks.instance(name, model, keras.Model, "a Keras model")
    if not model.built:
        rule = "be built"
        remedy = "Call it on data, or give it a `keras.Input`."
        raise _checks.error(name, rule, model.name, remedy=remedy)
