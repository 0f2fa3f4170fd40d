"""Pruning of the weights whose removal changes the loss least, to second order."""

import keras
from keras import ops

from tfcompress.callbacks.gradient_pruning import GradientPruning


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneBySaliency(GradientPruning):
    r"""Removes the weights of least saliency: the score of optimal brain damage.

    $$ score_i = \tfrac{1}{2} h_{ii} w_i^2, \qquad
       h_{ii} \approx E_{batch} \Big(\frac{\partial L}{\partial w_i}\Big)^2 $$

    At a minimum of the loss the gradient is zero, and what removing a weight costs is
    of second order. The diagonal of the Hessian is taken from the squared gradients of
    the batches (a Gauss-Newton approximation, exact but for a common factor where the
    model is right and the loss a log likelihood), in a running mean over about 100
    steps. The paper computes it by a backward pass of its own.

    The same is gained, and not gained, as by `PruneLowMagnitude`.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`, `"global"`, or a distribution.
        for_runtime: None, or `"litert"`.

    Raises:
        ValueError: As `PruneLowMagnitude` does.

    Example: the second input is ten times the first, and so is what hangs on it.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> _ = model.layers[0].kernel.assign([[1.0], [0.5]])
    >>> model.compile(keras.optimizers.SGD(0.0), "mse")
    >>> x = np.random.default_rng(0).normal(size=(64, 2)) * [1, 10]
    >>> prune = PruneBySaliency(tfc.schedules.OneShot(0.5))
    >>> history = model.fit(x, np.zeros((64, 1)), verbose=0, callbacks=[prune])
    >>> np.count_nonzero(model.layers[0].kernel, axis=1)
    array([0, 1])

    References:
        - [LeCun, Denker and Solla, 1989](https://proceedings.neurips.cc/paper/1989/hash/6c9882bbac1c7093bd25041881277658-Abstract.html)
    """

    def observe(self, value, gradient, pattern):
        return ops.square(gradient)

    def scores(self, variable):
        values = ops.convert_to_numpy(variable).astype("float32")
        return 0.5 * super().scores(variable) * values**2
