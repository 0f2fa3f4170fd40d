"""Sparse training whose connections move to where the gradient wants them."""

import keras
import numpy as np

from tfcompress.callbacks.gradient_pruning import GradientPruning
from tfcompress.callbacks.regrowth import Regrowth


@keras.saving.register_keras_serializable(package="tfcompress")
class RegrowByGradient(Regrowth, GradientPruning):
    r"""Exchanges the weakest weights for those the loss asks for most: RigL.

    Every `frequency` steps of `fit` the weakest part of the weights goes and as many
    removed ones come back, from zero: those of the largest $|\partial L / \partial w|$.
    The sparsity stays as it was. The part falls along a cosine to 0 at `until`, so that
    the last places can settle.

    The gradient is a running mean over about 100 steps, where the paper takes that of
    one batch; and what has just gone does not come back at the same exchange. The
    paper's networks start sparse: `Constant(0.9)` on a fresh model, with
    `scope=tfc.distributions.ErdosRenyi()`. The zeros are for a smaller file; masked
    training is not faster than dense.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Constant(0.9)`.
        fraction: Float in (0, 1], the part exchanged, at the beginning.
        frequency: Positive integer, steps between two exchanges.
        until: Position in the run where exchanges end: a step, `"3 epochs"`, `"75%"`.
        **options: `which`, `pattern`, `scope` and `for_runtime`, as for
            `PruneLowMagnitude`.

    Raises:
        ValueError: If an argument is outside its range, `until` lies beyond the run,
            the pattern is `NofM`, or as `PruneLowMagnitude` does.

    Example: only the first of two inputs is of use, and its weight was removed.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> _ = model.layers[0].kernel.assign([[0.0], [0.1]])
    >>> model.compile("sgd", "mse")
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> still = tfc.schedules.Constant(0.5)
    >>> regrow = RegrowByGradient(still, fraction=1.0, frequency=2, until="100%")
    >>> history = model.fit(
    ...     x, x[:, :1], batch_size=8, verbose=0, callbacks=[regrow]
    ... )
    >>> np.count_nonzero(model.layers[0].kernel, axis=1)
    array([1, 0])

    References:
        - [Evci et al., 2020](https://arxiv.org/abs/1911.11134)
    """

    @property
    def ready(self):
        return True  # what goes, goes by magnitude

    def observe(self, value, gradient, pattern):
        return gradient

    def growth(self, variable):
        return np.abs(self._tap.read(variable))
