"""Accuracy against compression, one layer at a time."""

import dataclasses
import json
from fnmatch import fnmatchcase

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.examples import examples, pair
from tfcompress.finite_weights import check_finite
from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.method import Method
from tfcompress.methods.units import Units
from tfcompress.report.accuracy import accuracy
from tfcompress.sensitivity.activations import Activations
from tfcompress.sensitivity.heat_map import heat_map
from tfcompress.sensitivity.table import markdown, text
from tfcompress.writing import picture_target, write_text

RATIOS = (0.75, 0.5, 0.25, 0.125)
METHODS = (Units(), Converted(LowRank))
FITTED_ON = 256


@dataclasses.dataclass(frozen=True)
class SensitivityRow:
    """What becomes of a model of which one layer is compressed.

    Attributes:
        layer: Name of the layer.
        method: The `tfcompress.methods.Method`.
        ratio: Size of its weights after over before, as asked for.
        parameters: Numbers that the whole model then stores.
        accuracy: Share of right answers; None if the method could not do it.
        distance: How far the outputs $\\hat y$ are from those before,
            $\\lVert \\hat y - y \\rVert / \\lVert y \\rVert$; it tells layers apart where
            few examples change their class. None likewise.
        fault: Why the method could not do it, or `""`.
    """

    layer: str
    method: Method
    ratio: float
    parameters: int | None = None
    accuracy: float | None = None
    distance: float | None = None
    fault: str = ""


@dataclasses.dataclass(frozen=True)
class Sensitivity:
    """What each layer of a model can lose; `str` of it is a table.

    Attributes:
        rows: A `SensitivityRow` for each layer, method and ratio.
        accuracy: That of the model before.
        parameters: The numbers that it stores.
        examples: The number of examples that all were measured on.
    """

    rows: tuple[SensitivityRow, ...]
    accuracy: float
    parameters: int
    examples: int

    def __str__(self) -> str:
        return text(self)

    def to_markdown(self) -> str:
        """Returns the table in Markdown."""
        return markdown(self)

    def to_json(self, path=None) -> str:
        """Returns all of it as JSON; writes it to `path` too, if one is given."""
        rows = [
            {**vars(row), "method": row.method.get_config(), "label": str(row.method)}
            for row in self.rows
        ]
        content = json.dumps({**vars(self), "rows": rows}, indent=2)
        if path is not None:
            write_text(path, content + "\n")
        return content

    def plot(self, path):
        """Draws a heat map, a picture for each method, to the image file `path`."""
        picture_target(path)
        return heat_map(self, path)

    def most_sensitive(self, ratio=None) -> list[str]:
        """Returns the names of the layers, those first that cost most accuracy.

        Each layer counts with its best method at `ratio`, the least one if None. Where
        accuracies are equal the distance of the outputs decides.
        """
        known = sorted({row.ratio for row in self.rows})
        if ratio is not None:
            ratio = _checks.choice("ratio", _checks.number("ratio", ratio), known)
        least = known[0] if ratio is None else ratio
        costs = {}
        for row in self.rows:
            if row.ratio == least and not row.fault:
                cost = (self.accuracy - row.accuracy, row.distance)
                costs[row.layer] = min(cost, costs.get(row.layer, cost))
        return sorted(costs, key=costs.get, reverse=True)


def sensitivity(model, data, *, methods=METHODS, ratios=RATIOS, layers=None):
    r"""Returns how accurate a model is when one layer at a time is compressed.

    Nothing is trained. `model` is run once on the data, and what goes into each layer
    is kept; each compressed copy is computed from there. A small loss here is a layer
    that can be made small; a large one is not final, since training brings much of it
    back, most of all for `Units`. Losses of several layers do not add up exactly.

    Args:
        model: A built Sequential or Functional classifier of one output.
        data: Pair `(x, y)`, some hundred examples with class indices or one-hot rows;
            of validation data, if something is to be chosen by it. With n of them an
            accuracy near 1/2 is uncertain by $1 / \sqrt n$. The first 256 are also
            what weights are fitted on, by methods that can.
        methods: Objects of `tfcompress.methods`.
        ratios: Numbers in (0, 1), sizes of a layer's weights after over before.
        layers: Names of layers, or globs; None for all that some method suits.

    Returns:
        A `Sensitivity`: print it, or take `rows`, `most_sensitive()`, `to_markdown()`,
        `to_json(path)`, `plot(path)`. Where a method cannot do what is asked (a rank
        that does not pay), the row says why.

    Raises:
        ValueError: If `model` has no graph, `data` do not fit it, or a name in `layers`
            names nothing that can be compressed.
        TypeError: If a method is none.

    Example:

    >>> layers = [keras.layers.Dense(16, name="b"), keras.layers.Dense(16, name="a")]
    >>> model = keras.Sequential([keras.Input((16,)), *layers])
    >>> a = model.get_layer("a")
    >>> _ = a.kernel.assign(np.outer(np.ones(16), np.arange(16.0)))  # of rank 1
    >>> x = np.random.default_rng(0).normal(size=(50, 16)).astype("float32")
    >>> y = model.predict(x, verbose=0).argmax(-1)
    >>> method = tfc.methods.Converted(tfc.kernels.LowRank)
    >>> found = tfc.sensitivity(model, (x, y), methods=[method], ratios=[0.25])
    >>> found.most_sensitive()
    ['b', 'a']
    >>> found.rows[-1].accuracy  # of "a", which is of rank 1
    1.0

    References:
        - [Han et al., 2015](https://arxiv.org/abs/1506.02626), figure 6
    """
    refuse_subclassed(model)
    check_finite("model", model)
    methods, ratios = checked_methods(methods), checked_ratios(ratios)
    if len(model.outputs) != 1:
        raise _checks.error("model", "have one output", model.output_names)
    x, y = pair("data", data)
    x = examples("data", x, model)
    suited = {method: method.layers(model) for method in methods}
    names = chosen_layers(suited.values(), layers, model)
    activations = Activations(model, x)
    baseline = _Measured(model, activations.outputs, y)
    fitted_on = keras.tree.map_structure(lambda array: array[:FITTED_ON], x)
    rows = []
    for name in names:
        for method in (m for m in methods if name in suited[m]):
            for ratio in ratios:
                row = SensitivityRow(name, method, ratio)
                try:
                    copy = method.compress(model, {name: ratio}, inputs=fitted_on)
                except ValueError as fault:
                    rows.append(dataclasses.replace(row, fault=str(fault)))
                    continue
                made = _Measured(copy, activations.outputs_of(copy), y)
                rows.append(
                    dataclasses.replace(
                        row,
                        parameters=made.parameters,
                        accuracy=made.accuracy,
                        distance=made.distance_from(baseline),
                    )
                )
    return Sensitivity(
        tuple(rows), baseline.accuracy, baseline.parameters, len(baseline.outputs)
    )


def checked_methods(methods) -> tuple[Method, ...]:
    """Returns `methods`, one or more, if they are that."""
    what = "objects of `tfcompress.methods`"
    found = _checks.several("methods", methods, what)
    for method in found:
        _checks.instance("methods", method, Method, what)
    return found


def checked_ratios(ratios) -> list[float]:
    """Returns `ratios`, one or more, if they are sizes after over before, below 1."""
    inside = {"low": 0, "high": 1, "open_low": True, "open_high": True}
    found = _checks.several("ratios", ratios, "numbers in (0, 1)")
    return [_checks.number("ratios", ratio, **inside) for ratio in found]


def chosen_layers(suited, layers, model) -> list[str]:
    """Returns the names of layers that are spoken of, in the order of the model.

    Args:
        suited: Lists of the names of layers, one for each method.
        layers: Names or globs, or None for all.
        model: The model.
    """
    known = list(dict.fromkeys(name for names in suited for name in names))
    order = [layer.name for layer in model.layers]
    known.sort(key=lambda name: order.index(name) if name in order else len(order))
    if layers is None:
        chosen = known
    else:
        wanted = _checks.names("layers", layers, "names of layers, or globs")
        for key in wanted:
            if not any(fnmatchcase(name, key) for name in known):
                rule = f"name layers that a method suits; these are {known}"
                raise _checks.error("layers", rule, key)
        chosen = [n for n in known if any(fnmatchcase(n, key) for key in wanted)]
    if not chosen:
        rule = "have a layer that one of the methods suits"
        raise _checks.error("model", rule, model.name)
    return chosen


class _Measured:
    """What a model gave, and how right it is."""

    def __init__(self, model, outputs, y):
        self.parameters = model.count_params()
        self.outputs = outputs
        self.accuracy = accuracy(self, (outputs, y))

    def predict(self, x, verbose=0):
        return self.outputs

    def distance_from(self, other):
        difference = np.linalg.norm(self.outputs - other.outputs)
        return float(difference / (np.linalg.norm(other.outputs) or 1.0))
