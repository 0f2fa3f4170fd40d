"""Pruning of the weights that training moves towards zero."""

import keras

from tfcompress.callbacks.gradient_pruning import GradientPruning


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneByMovement(GradientPruning):
    r"""Removes the weights that training moves towards zero, whatever their size.

    $$ score_i = - \sum_t w_i \, \frac{\partial L}{\partial w_i} $$

    summed over all steps of the run: positive where the gradient pushes a weight away
    from zero. Made for fine-tuning a model that was trained on something else: how
    large its weights are says little there about the new task. Unlike in the paper
    removed weights gather no score, for they stay removed.

    The same is gained, and not gained, as by `PruneLowMagnitude`.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`, `"global"`, or a distribution.
        for_runtime: None, or `"litert"`.

    Raises:
        ValueError: As `PruneLowMagnitude` does.

    Example: the target is twice the first input; of two equal weights that of the
    first grows, and that of the second shrinks.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> _ = model.layers[0].kernel.assign([[1.0], [1.0]])
    >>> model.compile("sgd", "mse")
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> prune = PruneByMovement(tfc.schedules.OneShot(0.5))
    >>> history = model.fit(x, 2 * x[:, :1], verbose=0, callbacks=[prune])
    >>> np.count_nonzero(model.layers[0].kernel, axis=1)
    array([1, 0])

    References:
        - [Sanh et al., 2020](https://arxiv.org/abs/2005.07683)
    """

    memory = None

    def observe(self, value, gradient, pattern):
        return -value * gradient
