"""Ranks for all layers of a model, under one budget."""

import dataclasses
import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.conversion.observe import observe
from tfcompress.conversion.recipe import Recipe
from tfcompress.conversion.swap import hosts
from tfcompress.conversion.walk import parts_of
from tfcompress.finite_weights import check_finite
from tfcompress.kernels.low_rank import LowRank
from tfcompress.kernels.spatial_low_rank import SpatialLowRank
from tfcompress.layers.convolution_host import ConvolutionHost
from tfcompress.ops import low_rank
from tfcompress.ops import tensor_decompositions as decompositions
from tfcompress.ops.allocation import allocate

NAMES = "be names of layers that hold a matrix"


def choose_ranks(model, *, ratio, of="bytes", inputs=None, layers=None):
    r"""Returns the recipe of ranks that loses the least, for the size of a model.

    Each weight may have any rank that pays, or stay as it is; a 2-D convolution may be
    split between its channels (`LowRank`) or along its axes (`SpatialLowRank`). A choice
    $r$ for weight $l$ costs $c_l(r)$ and keeps the share $e_l(r)$ of its energy, the sum
    of the squares of its singular values, or of its outputs where `inputs` are given.
    Among all choices with $\sum_l c_l(r_l) \le C$, that with the greatest
    $\sum_l e_l(r_l)$ is sought.

    Only the choices on the upper concave hull of each weight's points are of use at some
    price per byte, and along a hull each step keeps less per byte than the one before.
    So all steps of all weights are taken in the order of what they keep per byte.
    **This is optimal wherever it stops:** let $\lambda$ be what the last step kept per
    byte. By concavity each weight's choice maximises $e_l(r) - \lambda c_l(r)$ on its
    own. For any other choices $r'$ then $\sum e_l(r') \le \sum e_l(r) + \lambda (\sum
    c_l(r') - \sum c_l(r))$, so none that costs no more keeps more. Where the next step
    does not fit in the budget, what is left of it goes to the steps that do, and the
    loss against the optimum is below that one step.

    Args:
        model: A built Sequential or Functional model, trained.
        ratio: Size of the whole model after over before, `0 < ratio < 1`, of what is
            not a matrix too.
        of: `"bytes"` of weights, or `"macs"`: multiply-accumulates with weights.
            These shrink in dense layers and convolutions alone.
        inputs: Some hundred examples, as the model takes them; energies are then those
            of each layer's outputs, and convolutions are split between channels only.
            Give the same to `tfcompress.convert`.
        layers: Names of the layers that may be changed; all that can if None.

    Returns:
        A `Recipe` for `tfcompress.convert`, with a rule for each layer that changes.

    Raises:
        ValueError: If no ranks make the model as small as `ratio`; the message says how
            small they can.

    Example:

    >>> layers = [keras.layers.Dense(64, name="a"), keras.layers.Dense(64, name="b")]
    >>> model = keras.Sequential([keras.Input((64,)), *layers])
    >>> b = model.get_layer("b")
    >>> _ = b.kernel.assign(np.outer(np.arange(64.0), np.ones(64)))  # of rank 1
    >>> for rule in tfc.conversion.choose_ranks(model, ratio=0.6).rules:
    ...     print(rule.which, rule.change.rank)
    b 1

    References:
        - [Shoham and Gersho, 1988](https://doi.org/10.1109/29.90373)
    """
    refuse_subclassed(model)
    check_finite("model", model)
    if isinstance(layers, str):
        raise _checks.error("layers", NAMES, layers, remedy="Give a list of them.")
    if layers is not None:
        layers = _checks.names("layers", layers, "names of layers")
    ratio = _checks.number("ratio", ratio, low=0, high=1, open_low=True, open_high=True)
    _checks.choice("of", of, ("bytes", "macs"))
    weights = _weights(model)
    pairs = [(weight.layer, weight.host) for weight in weights if not weight.traced]
    seen = {} if inputs is None else observe(model, pairs, inputs)
    calls = observe(model, pairs, _one_example(model)) if of == "macs" else None
    for weight in weights:
        weight.find_choices(seen.get(weight.key), calls)
    changing = [w for w in weights if layers is None or w.layer.name in layers]
    _refuse_unknown(layers, changing)
    total = sum(w.array.size * w.uses for w in weights)
    if of == "bytes":
        total = sum(math.prod(v.shape) * 4.0 for v in model.variables)
    whole = sum(weight.array.size * weight.uses for weight in changing)
    items = [[(cost, kept) for cost, kept, _ in w.choices] for w in changing]
    chosen = allocate(items, ratio * total - (total - whole))
    if chosen is None:
        least = total - whole + sum(min(c for c, _ in points) for points in items)
        rule = f"be at least {least / total:.3g}: ranks make this model no smaller"
        raise _checks.error("ratio", rule, ratio)
    return _recipe(
        changing, [w.choices[k][2] for w, k in zip(changing, chosen, strict=True)]
    )


@dataclasses.dataclass
class _Weight:
    """A weight, and what each thing that it may become costs and keeps."""

    layer: keras.Layer
    host: type
    name: str
    array: np.ndarray
    traced: bool
    uses: float = 4.0  # of each number: bytes, or how often it is multiplied with
    choices: list = dataclasses.field(default_factory=list)

    @property
    def key(self):
        return id(self.layer), self.name

    def find_choices(self, inputs, calls):
        """Finds the choices (cost, share of energy, kernel or None for itself)."""
        points = []
        if calls is not None:
            self.uses = self._times_applied(calls)
        if calls is None or (self.host.multiplies_by_parts and not self._grouped):
            points = _by_channels(self.array, inputs)
            # Fitted to outputs is the one that splits channels, not the other.
            if inputs is None and self._splits_along_axes(calls):
                points += _by_axes(self.array)
        self.choices = [
            (count * self.uses, kept, kernel)
            for count, kept, kernel in [*points, (self.array.size, 1.0, None)]
        ]

    @property
    def _grouped(self):
        return getattr(self.layer, "groups", 1) > 1

    def _splits_along_axes(self, calls):
        convolution = issubclass(self.host, ConvolutionHost) and self.array.ndim == 4
        # With strides the first step has more positions than the output.
        strided = convolution and calls is not None and max(self.layer.strides) > 1
        return convolution and not strided and min(self.array.shape[:2]) > 1

    def _times_applied(self, calls):
        # The states of a recurrent layer are multiplied once for each input.
        seen = calls.get(self.key) or calls.get((id(self.layer), "kernel"))
        return 0.0 if seen is None or seen.gram.ndim == 1 else float(seen.count)


def _weights(model):
    """Returns all weights of `model` that some host hands to a kernel."""
    known = hosts()
    found = []
    for part in parts_of(model):
        layer, host = part.layer, known.get(type(part.layer))
        for name in host.hosted if host else ():
            variable = host.weight_of(layer, name)
            array = ops.convert_to_numpy(ops.cast(variable, "float32"))
            found.append(_Weight(layer, host, name, array, part.traced))
    return found


def _by_channels(array, inputs):
    matrix = array.reshape(-1, array.shape[-1])
    squares = (
        low_rank.squares(matrix)
        if inputs is None
        else low_rank.output_squares(matrix, inputs)
    )
    rows, columns = matrix.shape
    return _points(
        squares, rows + columns, low_rank.paying_rank(rows, columns), LowRank
    )


def _by_axes(array):
    matrix = decompositions.by_axes(array)
    each = sum(matrix.shape)
    paying = (array.size - 1) // each
    return _points(low_rank.squares(matrix), each, paying, SpatialLowRank)


def _points(squares, each, highest, kernel):
    total = squares.sum()
    kept = np.cumsum(squares) / total if total else np.ones(len(squares))
    ranks = range(1, min(highest, len(squares)) + 1)
    # Rounded: a rank that keeps nothing but the noise of the sum is of no use.
    kept = np.round(kept, 9).tolist()
    return [(rank * each, kept[rank - 1], kernel(rank=rank)) for rank in ranks]


def _recipe(weights, kernels):
    """Returns the recipe in which each of `weights` gets its kernel, or none."""
    changes = {}
    for weight, kernel in zip(weights, kernels, strict=True):
        if kernel is not None:
            changes.setdefault(id(weight.layer), (weight, {}))[1][weight.name] = kernel
    rules = []
    for weight, options in changes.values():
        several = len(weight.host.hosted) > 1
        change = (weight.host, options) if several else options[weight.name]
        rules.append((weight.layer.name, change))
    names = [name for name, _ in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        rule = "have layers of different names, for rules to tell them apart"
        raise _checks.error("model", rule, twice)
    return Recipe(rules)


def _refuse_unknown(layers, changing):
    names = {weight.layer.name for weight in changing}
    if layers is not None and set(layers) - names:
        raise _checks.error("layers", NAMES, layers)
    if not any(len(weight.choices) > 1 for weight in changing):
        rule = "hold a layer for which some rank pays"
        raise _checks.error("model", rule, sorted(names))


def _one_example(model):
    one = isinstance(model, keras.Sequential)
    return keras.tree.map_structure(
        lambda tensor: np.zeros([1, *(n or 1 for n in tensor.shape[1:])], tensor.dtype),
        model.inputs[0] if one else model.input,
    )
