"""One step of a recipe: what is changed, and how it is trained."""

import dataclasses
import json

from tfcompress import _checks
from tfcompress.conversion.recipe import Recipe


@dataclasses.dataclass(frozen=True)
class Stage:
    """Channels taken out in the course of training, or layers converted, then trained.

    Args:
        channels: Float in [0, 1), the share of each group of channels that leaves, by
            `PruneChannels(by="taylor")` in the first 60 % of the stage.
        rules: What `tfcompress.convert` takes, or None.
        epochs: Float in (0, 1], the share of all epochs that this stage trains for.
        rate: Float `> 0`, a factor on the learning rate.

    Raises:
        ValueError: If a number is outside its range, or both or neither of `channels`
            and `rules` are given.
        TypeError: If `rules` are none.

    Example:

    >>> stage = tfc.recipes.Stage(rules={"hidden": tfc.kernels.Ternary()}, epochs=0.5)
    >>> tfc.recipes.Stage.from_config(stage.get_config()) == stage
    True
    """

    channels: float = 0.0
    rules: Recipe | None = None
    epochs: float = 1.0
    rate: float = 1.0

    def __post_init__(self):
        channels = _checks.sparsity("channels", self.channels)
        rules = None if self.rules is None else Recipe(self.rules)
        if bool(channels) == (rules is not None):
            rule = "be None where `channels` leave, and rules otherwise"
            raise _checks.error("rules", rule, self.rules)
        checked = {
            "channels": channels,
            "rules": rules,
            "epochs": _checks.ratio("epochs", self.epochs),
            "rate": _checks.number("rate", self.rate, low=0, open_low=True),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)  # frozen for everybody else

    def get_config(self) -> dict:
        """Returns this stage as a dict of plain values, for JSON."""
        change = {"channels": self.channels}
        if self.rules is not None:
            change = {"rules": json.loads(self.rules.to_json())}
        return {**change, "epochs": self.epochs, "rate": self.rate}

    @classmethod
    def from_config(cls, config: dict) -> "Stage":
        """Returns the stage that `get_config` described."""
        _checks.instance("config", config, dict, "what `get_config` returns")
        config = dict(config)
        if "rules" in config:
            config["rules"] = Recipe.from_json(json.dumps(config["rules"]))
        return cls(**config)
