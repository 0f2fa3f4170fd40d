"""Sparse training whose connections move at random."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.regrowth import Regrowth


@keras.saving.register_keras_serializable(package="tfcompress")
class RegrowRandomly(Regrowth):
    r"""Exchanges the weakest weights for random ones: sparse evolutionary training.

    Every `frequency` steps of `fit` the weakest part of the weights goes and as many
    removed ones come back, at random and from zero. The sparsity stays as it was. The
    part falls along a cosine to 0 at `until`, so that the last places can settle.

    The paper starts with a random graph whose large layers are the sparser ones:
    `Constant(0.9)` on a fresh model, with `scope=tfc.distributions.ErdosRenyi()`. The
    zeros are for a smaller file; masked training is not faster than dense.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Constant(0.9)`.
        seed: Integer of at least 0, of what grows.
        fraction: Float in (0, 1], the part exchanged, at the beginning.
        frequency: Positive integer, steps between two exchanges.
        until: Position in the run where exchanges end: a step, `"3 epochs"`, `"75%"`.
        **options: `which`, `pattern`, `scope` and `for_runtime`, as for
            `PruneLowMagnitude`.

    Raises:
        ValueError: If an argument is outside its range, `until` lies beyond the run,
            the pattern is `NofM`, or as `PruneLowMagnitude` does.

    Example:

    >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10)])
    >>> model.compile("sgd", "mse")
    >>> regrow = RegrowRandomly(tfc.schedules.Constant(0.75), frequency=2)
    >>> x, y = np.random.default_rng(0).normal(size=(2, 64, 10))
    >>> history = model.fit(x[:, :8], y, batch_size=8, verbose=0, callbacks=[regrow])
    >>> int(np.count_nonzero(model.layers[0].kernel))
    20

    References:
        - [Mocanu et al., 2018](https://arxiv.org/abs/1707.04780)
    """

    def __init__(self, schedule, *, seed=0, **options):
        super().__init__(schedule, **options)
        self.seed = _checks.integer("seed", seed, low=0)

    def growth(self, variable):
        places = {id(w.variable): i for i, w in enumerate(self._weights)}
        # Drawn from the step too, so that a resumed run goes on as an uncut one.
        random = np.random.default_rng([self.seed, self._step, places[id(variable)]])
        return random.random(variable.shape, dtype="float32")

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
