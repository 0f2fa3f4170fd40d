"""Pruning of the weights that are nearest to zero."""

import keras

from tfcompress.callbacks.pruning import Pruning
from tfcompress.callbacks.values import magnitudes


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneLowMagnitude(Pruning):
    r"""Removes the weights of least magnitude during `fit`, on a schedule.

    $$ mask_i = [|w_i| \text{ is among the } round(n (1 - s_t)) \text{ largest}] $$

    of the $n$ weights of a kernel (`scope="layer"`), or of all kernels together
    (`"global"`), where $s_t$ is the schedule's sparsity; `Block` patterns compare the
    mean magnitude of blocks. At least one weight, or block, of each kernel is kept.

    The zeros make the file smaller once it is compressed or exported as sparse;
    neither the training nor the Keras model gets smaller or faster. The final sparsity
    is always reached: should training stop early, at its end, with a warning.

    List it after `EarlyStopping` and `SwapEMAWeights`, which bring denser weights
    back, and before loggers, which then see `logs["sparsity"]`. A fitted model is dense
    again if it is trained on without the callback; `Constant(0)` keeps it as it is.

    Args:
        schedule: A schedule of `tfcompress.schedules`, such as `Polynomial(0.9)`, or of
            tensorflow_model_optimization.
        which: The weights: None for all kernels; a layer's name, a glob, a layer
            class, a layer, a predicate, the end of a weight's path, or a list of
            these.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`: each weight loses the same share. `"global"`: all weights
            are compared. Or a distribution of `tfcompress.distributions`.
        for_runtime: None, or `"litert"`: instead of a pattern, that of each weight for
            which LiteRT has sparse kernels; the table at the end of training says
            which weights will be faster and which only smaller.

    Raises:
        ValueError: Before training: if the run is too short for the schedule, its
            length is not known, the pattern does not divide a weight, `which` names
            nothing, or what it names is quantized.
        TypeError: If an argument is of the wrong kind.

    Example:

    >>> from tfcompress.schedules.polynomial import Polynomial
    >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10)])
    >>> model.compile("sgd", "mse")
    >>> prune = PruneLowMagnitude(Polynomial(0.75, end=30, frequency=7))
    >>> x, y = np.ones((160, 8)), np.ones((160, 10))
    >>> history = model.fit(x, y, epochs=8, verbose=0, callbacks=[prune])
    >>> int(np.count_nonzero(model.layers[0].kernel))  # a quarter of 80
    20

    References:
        - [Zhu and Gupta, 2017](https://arxiv.org/abs/1710.01878)
        - [Han et al., 2015](https://arxiv.org/abs/1506.02626)
    """

    def scores(self, variable):
        return magnitudes(variable)
