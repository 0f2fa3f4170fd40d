"""What every distribution answers: how sparse is each weight to be."""

import dataclasses

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class Distribution:
    """How the final sparsity of a schedule is shared out among the weights.

    On the way there each weight is at the same share of its own final sparsity. A
    subclass is a frozen dataclass that defines `sparsities`.
    """

    def sparsities(self, model, variables, final: float) -> list[float]:
        """Returns the final sparsity of each of the `variables` of `model`."""
        raise NotImplementedError

    def get_config(self) -> dict:
        """Returns this distribution as a dict of plain values, for JSON."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"distribution": type(self).__name__, **values}

    @staticmethod
    def from_config(config: dict) -> "Distribution":
        """Returns the distribution of any kind that `get_config` described."""
        values = dict(config)
        kinds = {kind.__name__: kind for kind in Distribution.__subclasses__()}
        name = values.pop("distribution", None)
        return kinds[_checks.choice("distribution", name, kinds)](**values)
