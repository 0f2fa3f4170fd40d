"""Pruning before training, by what the first gradients say."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.callbacks.gradient_pruning import GradientPruning
from tfcompress.schedules.one_shot import OneShot


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneAtInitialization(GradientPruning):
    r"""Removes weights before training, by their sensitivity on the first batches.

    $$ score_i = \Big| w_i \, \sum_{batches} \frac{\partial L}{\partial w_i} \Big| $$

    which is the score of SNIP. During the first `batches` steps of the run the
    optimizer changes nothing, the scores are gathered; then all goes that is to go,
    and the training of what is left begins. Each kernel keeps at least one weight.

    `rescale` brings each kernel back to the second moment that it was initialised
    with, as pruning takes a part of it away:

    $$ w \leftarrow w \sqrt{ \tfrac{\sum_i w_i^2}{\sum_i mask_i w_i^2} } $$

    A deep tanh network that was initialised on the edge of chaos (`lecun_normal`, no
    bias) then trains where it would not. The rule supposes that a mask does not depend
    on the layer's inputs. In deep ReLU networks it does: the score prefers the inputs
    that are often active, the signal grows from layer to layer, and training diverges.

    The zeros are for a smaller file; training is not faster, though it is sparse.

    Args:
        sparsity: Float in [0, 1), the share of weights removed.
        batches: Positive integer, the steps that scores are gathered for.
        rescale: Boolean, whether to scale what is left, as above.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        pattern: A pattern of `tfcompress.patterns`; None for `Unstructured()`.
        scope: `"layer"`, `"global"`, or a distribution.
        for_runtime: None, or `"litert"`.

    Raises:
        ValueError: If an argument is outside its range, or as `PruneLowMagnitude` does.

    Example:

    >>> dense = keras.layers.Dense(10, kernel_initializer="he_normal")
    >>> model = keras.Sequential([keras.Input((8,)), dense])
    >>> model.compile(keras.optimizers.SGD(0.0), "mse")
    >>> before = float(np.sum(np.square(dense.kernel)))
    >>> prune = PruneAtInitialization(0.75, rescale=True)
    >>> x, y = np.random.default_rng(0).normal(size=(2, 8, 10))
    >>> history = model.fit(x.reshape(10, 8), y.reshape(10, 8)[:, :1], verbose=0,
    ...                     callbacks=[prune])
    >>> int(np.count_nonzero(dense.kernel))
    20
    >>> bool(np.isclose(np.sum(np.square(dense.kernel)), before))
    True

    References:
        - [Lee et al., 2018](https://arxiv.org/abs/1810.02340)
        - [Hayou et al., 2020](https://arxiv.org/abs/2002.08797)
    """

    memory = None
    holding = True

    def __init__(
        self, sparsity, *, batches=1, rescale=False, scope="global", **options
    ):
        batches = _checks.integer("batches", batches)
        # Checked here, for its name: the schedule would call it `final`.
        sparsity = _checks.sparsity("sparsity", sparsity)
        if options.get("for_runtime") is not None and scope == "global":
            scope = "layer"  # patterns that differ by layer have no common scale
        super().__init__(OneShot(sparsity, at=batches), scope=scope, **options)
        self.rescale = _checks.boolean("rescale", rescale)

    def observe(self, value, gradient, pattern):
        return gradient

    def scores(self, variable):
        values = ops.convert_to_numpy(variable).astype("float32")
        return np.abs(values * super().scores(variable))

    def get_config(self):
        config = super().get_config()
        config.pop("schedule")
        sparsity, batches = self.schedule.final, self.schedule.at
        own = {"sparsity": sparsity, "batches": batches, "rescale": self.rescale}
        return {**config, **own}

    def _start(self):
        super()._start()
        if self._step >= self._plan.end and not self._pending:
            self._tap.holding = False  # resumed after the cut

    def _update(self, step):
        before = [_second_moment(weight) for weight in self._weights]
        super()._update(step)
        if self.rescale:
            for weight, was in zip(self._weights, before, strict=True):
                now = _second_moment(weight)
                if now:
                    variable = weight.variable
                    variable.assign(variable * float(np.sqrt(was / now)))
        self._tap.holding = False
        self.model.make_train_function(force=True)


def _second_moment(weight):
    return float(
        np.sum(np.square(ops.convert_to_numpy(weight.variable), dtype="float64"))
    )
