"""Pruning of the weights below a multiple of their layer's standard deviation."""

import collections.abc

import keras

from tfcompress import _checks
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.schedules.one_shot import OneShot
from tfcompress.selection import check_which, select_weights


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneBelowThreshold(PruneLowMagnitude):
    r"""Removes the weights below a multiple of their spread, once in the run.

    $$ mask_i = [\, |w_i| \ge q \cdot std(w) \,] $$

    over the weights of a kernel that are still there. How much goes is not given but
    found: each layer keeps what stands out in it; `summary` and the table at the end
    tell. The largest weight of each kernel always stays.

    To prune and retrain by turns, call `fit` again with the same callback: each time
    the threshold is taken of what is left, and training goes on from the weights as
    they are. Train at a tenth of the learning rate then, and list `AdjustDropout`.

    Args:
        quality: Positive float $q$; or a mapping to it from what names weights, as in
            `which`, in which later entries win.
        at: Position of the cut in the run: a step, `"3 epochs"` or `"50%"`.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels, or for
            those that `quality` names.

    Raises:
        ValueError: If `quality` is not positive, or names nothing that is pruned.

    Example: the kernel is normal, of which 31.7 % is beyond one standard deviation.

    >>> dense = keras.layers.Dense(100, kernel_initializer="random_normal")
    >>> model = keras.Sequential([keras.Input((100,)), dense])
    >>> model.compile(keras.optimizers.SGD(0.0), "mse")
    >>> prune = PruneBelowThreshold(1.0)
    >>> x, y = np.ones((8, 100)), np.ones((8, 100))
    >>> history = model.fit(x, y, batch_size=4, verbose=0, callbacks=[prune])
    >>> bool(0.30 < np.mean(dense.kernel != 0) < 0.34)
    True

    References:
        - [Han et al., 2015](https://arxiv.org/abs/1506.02626)
    """

    def __init__(self, quality, *, at="50%", which=None):
        mapping = isinstance(quality, collections.abc.Mapping)
        if mapping and not quality:
            raise _checks.error("quality", "name something", quality)
        if mapping:
            check_which([*quality], "quality")
            self.quality = {k: _quality(f"[{k!r}]", q) for k, q in quality.items()}
        else:
            self.quality = _quality("", quality)
        if mapping and which is None:
            which = list(quality)
        # Its sparsity is not used: it is found, not given.
        super().__init__(OneShot(0.0, at=at), which=which)

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._qualities = self._quality_of_each()

    def get_config(self):
        at = self.schedule.at
        return {"quality": self.quality, "at": at, "which": self.which}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _quality_of_each(self):
        pruned = [weight.variable for weight in self._weights]
        if not isinstance(self.quality, collections.abc.Mapping):
            return [self.quality] * len(pruned)
        found = {}
        for key, value in self.quality.items():
            named = {id(v) for v in select_weights(self.model, key)}
            found.update(dict.fromkeys(named, value))
        for variable in pruned:
            if id(variable) not in found:
                rule = (
                    f"name all that `which` names, and {variable.path!r} is not there"
                )
                raise _checks.error("quality", rule, self.quality)
        return [found[id(variable)] for variable in pruned]

    def _update(self, step):
        if self._plan.end < self._first and self.sparsity:
            return  # a run that is resumed after its cut
        for weight, quality in zip(self._weights, self._qualities, strict=True):
            sizes = self._pooled(weight, self.scores)
            signed = keras.ops.convert_to_numpy(weight.variable).astype("float64")
            threshold = min(quality * signed[weight.kept].std(), sizes.max())
            weight.keep(weight.kept & (sizes >= threshold))


def _quality(of, value):
    return _checks.number(f"quality{of}", value, low=0, open_low=True)
