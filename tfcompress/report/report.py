"""What a model stores and computes, layer by layer and in total."""

import dataclasses
import functools
import json

import keras

from tfcompress import _checks
from tfcompress.report.accuracy import accuracy
from tfcompress.report.calls import macs_per_example
from tfcompress.report.layer_report import LayerReport
from tfcompress.report.plot import plot as plot_report
from tfcompress.report.rows import rows
from tfcompress.report.table import markdown, text
from tfcompress.report.total import Total
from tfcompress.writing import write_text


@dataclasses.dataclass(frozen=True)
class Report:
    """What a model stores and computes; `str` of it is a table.

    Args:
        name: Name of the model.
        rows: A `LayerReport` for each layer that stores or multiplies something.
        baseline: The report of the model that it is compared with, or None.
        accuracy: Share of right answers on the data that was given, or None.
        note: Why the multiply-accumulates are not known, or `""`.
    """

    name: str
    rows: tuple[LayerReport, ...]
    baseline: "Report | None" = None
    accuracy: float | None = None
    note: str = ""

    @functools.cached_property
    def total(self) -> Total:
        """The sums over all layers."""
        return Total.of(self.rows)

    @property
    def times_smaller(self) -> dict[str, float | None] | None:
        """How many times larger each sum is in the baseline."""
        return self.baseline and self.total.times_smaller(self.baseline.total)

    def __str__(self) -> str:
        return text(self)

    def to_markdown(self) -> str:
        """Returns the table in Markdown."""
        return markdown(self)

    def to_json(self, path=None) -> str:
        """Returns all of it as JSON; writes it to `path` too, if one is given."""
        content = json.dumps(self._as_dict(), indent=2)
        if path is not None:
            write_text(path, content + "\n")
        return content

    def plot(self, path):
        """Draws what each layer stores to the image file `path`; returns the path."""
        return plot_report(self, path)

    def _as_dict(self):
        baseline = self.baseline and self.baseline._as_dict()
        return {
            **dataclasses.asdict(dataclasses.replace(self, baseline=None)),
            "total": dataclasses.asdict(self.total),
            "baseline": baseline,
            "times_smaller": self.times_smaller,
        }


def report(model, *, baseline=None, data=None) -> Report:
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
        data: Pair `(x, y)` to measure the accuracy of both on, or None; `y` holds class
            indices or one-hot rows.

    Returns:
        A `Report`: print it, or take `rows`, `total`, `to_markdown()`, `to_json()`,
        `plot(path)`.

    Raises:
        TypeError: `model` or `baseline` is not a Keras model.
        ValueError: It is not built, or `data` does not fit it.

    Example:

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="d")])
    >>> total = report(model).total
    >>> total.parameters, total.stored_bits, total.macs  # 3 * 4 weights and 4 biases
    (16, 512, 12)
    """
    _check("model", model)
    before = None
    if baseline is not None:
        _check("baseline", baseline)
        before = report(baseline, data=data)
    try:
        macs, note = macs_per_example(model), ""
    except Exception as error:
        # A model that cannot be traced still has parameters to tell of.
        macs, note = {}, f"MACs are not known: {error}"
    return Report(
        name=model.name,
        rows=rows(model, macs),
        baseline=before,
        accuracy=None if data is None else accuracy(model, data),
        note=note,
    )


def _check(name, model):
    _checks.instance(name, model, keras.Model, "a Keras model")
    if not model.built:
        rule = "be built"
        remedy = "Call it on data, or give it a `keras.Input`."
        raise _checks.error(name, rule, model.name, remedy=remedy)
