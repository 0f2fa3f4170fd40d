"""Pruning of weights at random, the control of every comparison."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.pruning import Pruning


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneRandomly(Pruning):
    """Removes weights at random: what any score must beat to be worth its name.

    Each weight draws its score once, from `seed` and its place among the pruned
    weights: the same seed gives the same masks, in a resumed run too, and what a
    later update removes comes on top of what was removed before.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`.
        seed: Integer of at least 0.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`, `"global"`, or a distribution.
        for_runtime: None, or `"litert"`.

    Raises:
        ValueError: As `PruneLowMagnitude` does.

    Example:

    >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10)])
    >>> model.compile("sgd", "mse")
    >>> prune = PruneRandomly(tfc.schedules.Constant(0.75), seed=1)
    >>> x, y = np.ones((16, 8)), np.ones((16, 10))
    >>> history = model.fit(x, y, verbose=0, callbacks=[prune])
    >>> int(np.count_nonzero(model.layers[0].kernel))
    20

    References:
        - [Blalock et al., 2020](https://arxiv.org/abs/2003.03033)
    """

    def __init__(self, schedule, *, seed=0, **options):
        super().__init__(schedule, **options)
        self.seed = _checks.integer("seed", seed, low=0)

    def scores(self, variable):
        places = {id(w.variable): i for i, w in enumerate(self._weights)}
        random = np.random.default_rng([self.seed, places[id(variable)]])
        return random.random(variable.shape, dtype="float32")

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
