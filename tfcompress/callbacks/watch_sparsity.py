"""How much of the network has learned to be zero, and whether it is too much."""

import warnings

import keras

from tfcompress import _checks
from tfcompress.kernels.learned_sparsity import LearnedSparsity
from tfcompress.sublayers import every_layer

SHORT = 20


class WatchSparsity(keras.callbacks.Callback):
    """Logs the sparsity that kernels learn, and warns where a network is being lost.

    At the end of each epoch `sparsity` in the logs is the share of weights, of all
    kernels that learn it (`tfcompress.kernels.HardConcrete`, `VariationalDropout`,
    `GeneralizedDropout`), that would be zero at inference. It also stands for
    `EarlyStopping`, `TensorBoard` and the progress bar.

    Warns:
        UserWarning: Once for each weight that has become zero as a whole. If the
            penalty of a `VariationalDropout` that has no zeros yet is there from the
            first step of a run of fewer than 20 epochs.

    Raises:
        ValueError: In `fit`, if no kernel of the model learns which weights are zero.

    Example:

    >>> kernel = tfc.kernels.HardConcrete(groups="output", strength=0.01)
    >>> layer = tfc.layers.CompressedDense(2, kernel=kernel)
    >>> model = keras.Sequential([keras.Input((4,)), layer])
    >>> model.compile("sgd", "mse")
    >>> x, y = np.ones((4, 4)), np.ones((4, 2))
    >>> watch = tfc.callbacks.WatchSparsity()
    >>> history = model.fit(x, y, verbose=0, callbacks=[watch])
    >>> history.history["sparsity"]
    [0.0]
    """

    def on_train_begin(self, logs=None):
        # A recurrent layer and its cell answer for the same kernels.
        self._kernels = {
            id(kernel): (layer.name, name, kernel)
            for layer in reversed(every_layer(self.model))
            for name, kernel in _kernels(layer)
        }.values()
        if not self._kernels:
            rule = "have a kernel that learns which weights are zero"
            remedy = "Such are `HardConcrete` and `VariationalDropout`."
            raise _checks.error("model", rule, self.model.name, remedy=remedy)
        self._warned = set()
        self._first_epoch = None

    def on_epoch_begin(self, epoch, logs=None):
        if self._first_epoch is None:
            self._first_epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        # Here, for a schedule sets its first value at the beginning of a batch. The
        # first batch to end is not number 0 where several are one execution.
        if self._first_epoch == 0 and "run" not in self._warned:
            self._warned.add("run")
            self._warn_of_haste()

    def on_epoch_end(self, epoch, logs=None):
        zeros = total = 0
        for layer, name, kernel in self._kernels:
            sparsity = kernel.sparsity()
            zeros += sparsity * kernel.macs()
            total += kernel.macs()
            if sparsity == 1.0 and id(kernel) not in self._warned:
                self._warned.add(id(kernel))
                warnings.warn(kernel.all_zero(layer, name), stacklevel=2)
        if logs is not None:
            logs["sparsity"] = zeros / total

    def _warn_of_haste(self):
        pressed = [
            layer
            for layer, _, kernel in self._kernels
            if kernel.needs_warm_up
            and kernel.strength.numpy() > 0
            and kernel.sparsity() == 0  # or it goes on with what it has learnt
        ]
        if pressed and self.params["epochs"] < SHORT:
            warnings.warn(
                f"The noise of layer {pressed[0]!r} is pressed from the first step of a "
                f"run of {self.params['epochs']} epochs: the network may lose weights "
                "before it has learnt which ones it needs. Begin with `strength` 0 and "
                "raise it with `tfcompress.callbacks.PenaltySchedule`, or train "
                f"for {SHORT} epochs or more.",
                stacklevel=2,
            )


def _kernels(layer):
    kernels = getattr(layer, "kernels", None)
    if not isinstance(kernels, dict):
        return []
    return [(n, k) for n, k in kernels.items() if isinstance(k, LearnedSparsity)]
