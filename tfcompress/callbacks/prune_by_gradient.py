"""Pruning of the weights whose removal changes the loss least, to first order."""

import keras
from keras import ops

from tfcompress.callbacks.gradient_pruning import GradientPruning


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneByGradient(GradientPruning):
    r"""Removes the weights that the loss depends on least, to first order.

    $$ score_g = E_{batch}
       \Big| \sum_{i \in g} w_i \, \frac{\partial L}{\partial w_i} \Big| $$

    for each group $g$ of the pattern; a weight by itself if there is none. It is the
    first-order Taylor expansion of the change in loss that removing the group makes.
    With `Channel` it is the filter criterion of Molchanov et al.: the sum over a
    filter's weights equals that of activation times gradient over its outputs, the
    bias aside. The mean is a running one, over about 100 steps.

    The same is gained, and not gained, as by `PruneLowMagnitude`. A trained network
    has small gradients: there magnitude is often the better score.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`, `"global"`, or a distribution.
        for_runtime: None, or `"litert"`.

    Raises:
        ValueError: As `PruneLowMagnitude` does.

    Example: the second input is always zero, so no gradient ever reaches its weights.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    >>> model.compile("sgd", "mse")
    >>> x, y = np.tile([1.0, 0.0], (8, 1)), np.ones((8, 3))
    >>> prune = PruneByGradient(tfc.schedules.Constant(0.5))
    >>> history = model.fit(x, y, verbose=0, callbacks=[prune])
    >>> np.count_nonzero(model.layers[0].kernel, axis=1)
    array([3, 0])

    References:
        - [Molchanov et al., 2016](https://arxiv.org/abs/1611.06440)
        - [Blalock et al., 2020](https://arxiv.org/abs/2003.03033)
    """

    def observe(self, value, gradient, pattern):
        return ops.abs(pattern.spread(value * gradient))
