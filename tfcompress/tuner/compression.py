"""What is done to each layer of a model, and how the file is written."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase

from tfcompress import _checks
from tfcompress.conversion.clone import clone, refuse_subclassed
from tfcompress.examples import examples
from tfcompress.export.comparison import TOLERANCES
from tfcompress.methods.method import Method
from tfcompress.sublayers import every_layer


@dataclasses.dataclass(frozen=True)
class Compression:
    """A method and a ratio for each layer, or group of layers, as plain data.

    Args:
        choices: A mapping from the name of a layer, or a glob (`"conv*"`) for all layers
            that the method suits, to a pair (method of `tfcompress.methods`, ratio in
            (0, 1]). With ratio 1 a layer stays as it is.
        quantize: How the file is written, as `tfcompress.export.to_tflite` takes it.
        alpha: Float in `[0, 1]`, the weight of the teacher, the model before, while
            the compressed model is trained; `tfcompress.callbacks.Distill` has it.

    Raises:
        ValueError: If a ratio, `quantize` or `alpha` is none.
        TypeError: If a choice is not a method and a ratio.

    Example:

    >>> half = tfc.tuner.Compression({"hidden": (tfc.methods.Units(), 0.5)})
    >>> model = keras.Sequential([keras.Input((4,)),
    ...     keras.layers.Dense(8, name="hidden"), keras.layers.Dense(2)])
    >>> half.apply(model).count_params()
    30
    >>> tfc.tuner.Compression.from_config(half.get_config()) == half
    True
    """

    choices: Mapping[str, tuple[Method, float]]
    quantize: str | None = "dynamic"
    alpha: float = 0.5

    def __post_init__(self):
        _checks.instance("choices", self.choices, Mapping, "a mapping of layers")
        choices = {}
        for name, choice in self.choices.items():
            pair = isinstance(choice, tuple) and len(choice) == 2
            if not (pair and isinstance(choice[0], Method)):
                rule = "be a pair (method, ratio)"
                raise _checks.error(f"choices[{name!r}]", rule, choice, kind=TypeError)
            _checks.names("choices", [name], "a mapping from names of layers")
            ratio = _checks.ratio(f"choices[{name!r}][1]", choice[1])
            choices[name] = choice[0], ratio
        _checks.choice("quantize", self.quantize, tuple(TOLERANCES))
        alpha = _checks.number("alpha", self.alpha, low=0, high=1)
        object.__setattr__(self, "choices", choices)  # frozen for everybody else
        object.__setattr__(self, "alpha", alpha)

    def __str__(self):
        each = [f"{n}: {m} {r:.3g}" for n, (m, r) in self.choices.items() if r < 1]
        return f"{', '.join(each) or 'nothing'}; {self.quantize or 'float32'}"

    @property
    def name(self) -> str:
        """A short name, another for any other compression."""
        text = json.dumps(self.get_config(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def apply(self, model, *, inputs=None, fit_weights=True):
        """Returns `model` compressed: a new one, not trained yet.

        Args:
            model: A built Sequential or Functional model.
            inputs: Some hundred examples; outputs are then fitted on them where a
                method can.
            fit_weights: If False, only the shapes are right.

        Raises:
            ValueError: If a name names nothing that its method suits, or a method
                cannot do with a layer what is asked.
        """
        refuse_subclassed(model)
        _checks.boolean("fit_weights", fit_weights)
        if inputs is not None:
            inputs = examples("inputs", inputs, model)
        known = {layer.name for layer in every_layer(model)}
        for name in self.choices:
            if not any(c in name for c in "*?[") and name.split("/")[0] not in known:
                rule = f"name layers of the model, {sorted(known)}"
                raise _checks.error("choices", rule, name)
        work = self._by_method()
        if not work:
            # Not the model itself: what comes back is going to be trained.
            return clone(model, lambda layer: None)
        for method, ratios in work:
            ratios = _named(method, ratios, model)
            model = method.compress(
                model, ratios, inputs=inputs, fit_weights=fit_weights
            )
        return model

    def callbacks(self, model) -> list:
        """Returns what keeps the compressed `model` compressed while it is trained."""
        refuse_subclassed(model)
        return [
            callback
            for method, ratios in self._by_method()
            for callback in method.callbacks(_named(method, ratios, model))
        ]

    def get_config(self) -> dict:
        """Returns this compression as a dict of plain values, for JSON."""
        choices = {
            name: [method.get_config(), ratio]
            for name, (method, ratio) in self.choices.items()
        }
        return {"choices": choices, "quantize": self.quantize, "alpha": self.alpha}

    @classmethod
    def from_config(cls, config: dict) -> "Compression":
        """Returns the compression that `get_config` described."""
        choices = {
            name: (Method.from_config(method), ratio)
            for name, (method, ratio) in config["choices"].items()
        }
        return cls(choices, config["quantize"], config["alpha"])

    def _by_method(self):
        """The methods at work in their turns, each with its ratios."""
        found = {}
        for name, (method, ratio) in self.choices.items():
            if ratio < 1:
                found.setdefault(method, {})[name] = ratio
        return sorted(found.items(), key=lambda pair: pair[0].turn)


def matching(key, layers) -> list[str]:
    """Returns those of the names `layers` that `key` names, itself or as a glob."""
    return [name for name in layers if name == key or fnmatchcase(name, key)]


def _named(method, ratios, model):
    """Returns `ratios` by the names of layers, where they were by globs."""
    if not any(c in name for name in ratios for c in "*?["):
        return ratios
    layers, named = method.layers(model), {}
    for key, ratio in ratios.items():
        names = matching(key, layers)
        if not names:
            rule = f"name layers that {method} suits; these are {layers}"
            raise _checks.error("choices", rule, key)
        named |= dict.fromkeys(names, ratio)
    return named
