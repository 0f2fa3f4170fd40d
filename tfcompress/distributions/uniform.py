"""The same sparsity for every weight."""

import dataclasses

from tfcompress.distributions.distribution import Distribution


@dataclasses.dataclass(frozen=True)
class Uniform(Distribution):
    """Every weight loses the same share: what `scope="layer"` stands for.

    Example:

    >>> Uniform().sparsities(None, ["a", "b"], 0.9)
    [0.9, 0.9]
    """

    def sparsities(self, model, variables, final):
        return [final] * len(variables)
