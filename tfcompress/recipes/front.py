"""A recipe from a trained network to the file, as plain data."""

import dataclasses
import json
import math

from tfcompress import _checks
from tfcompress.export.comparison import TOLERANCES
from tfcompress.recipes.stage import Stage

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Front:
    """Stages of training, and how the file is written.

    Args:
        stages: The `Stage`s in their order; their `epochs` have the sum 1.
        quantize: How the file is written, as `tfcompress.export.to_tflite` takes it.
        alpha: Float in [0, 1], the weight of the teacher, which is the model before.
        about: A sentence on what it is for.

    Raises:
        ValueError: If there is no stage, the shares of the epochs do not have the sum
            1, or `quantize` or `alpha` is none.
        TypeError: If a stage is none.

    Example:

    >>> half = tfc.recipes.Front([tfc.recipes.Stage(channels=0.5)])
    >>> tfc.recipes.Front.from_json(half.to_json()) == half
    True
    """

    stages: tuple[Stage, ...]
    quantize: str | None = "dynamic"
    alpha: float = 0.5
    about: str = ""

    def __post_init__(self):
        stages = _checks.several("stages", self.stages, "a list of `Stage`s")
        for stage in stages:
            _checks.instance("stages", stage, Stage, "a list of `Stage`s")
        share = sum(stage.epochs for stage in stages)
        if not math.isclose(share, 1, abs_tol=1e-6):
            rule = "have `epochs` of the sum 1"
            raise _checks.error("stages", rule, [stage.epochs for stage in stages])
        _checks.choice("quantize", self.quantize, tuple(TOLERANCES))
        _checks.instance("about", self.about, str, "a string")
        alpha = _checks.number("alpha", self.alpha, low=0, high=1)
        object.__setattr__(self, "stages", stages)  # frozen for everybody else
        object.__setattr__(self, "alpha", alpha)

    def to_json(self) -> str:
        """Returns the recipe as JSON."""
        content = {
            "tfcompress_front": FORMAT,
            "about": self.about,
            "stages": [stage.get_config() for stage in self.stages],
            "quantize": self.quantize,
            "alpha": self.alpha,
        }
        return json.dumps(content, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Front":
        """Returns the recipe that `to_json` wrote."""
        data = _checks.recipe(text, "tfcompress_front", FORMAT, "Front.to_json")
        try:
            stages = [Stage.from_config(config) for config in data.pop("stages")]
            return cls(stages, **data)
        except (KeyError, TypeError) as fault:
            rule = f"hold what `Front.to_json` writes ({fault!r})"
            raise _checks.error("text", rule, text) from fault
