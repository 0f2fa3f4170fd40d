"""What every distribution answers: how sparse is each weight to be."""

import dataclasses

from tfcompress.described import Described


@dataclasses.dataclass(frozen=True)
class Distribution(Described):
    """How the final sparsity of a schedule is shared out among the weights.

    On the way there each weight is at the same share of its own final sparsity. A
    subclass is a frozen dataclass that defines `sparsities`.
    """

    def sparsities(self, model, variables, final: float) -> list[float]:
        """Returns the final sparsity of each of the `variables` of `model`."""
        raise NotImplementedError
