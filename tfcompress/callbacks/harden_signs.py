"""The step from the first to the second stage of bitwise networks, in `fit`."""

import keras

from tfcompress import _checks
from tfcompress.kernels.binary import Binary
from tfcompress.schedules.position import check_position, to_step
from tfcompress.sublayers import every_layer


@keras.saving.register_keras_serializable(package="tfcompress")
class HardenSigns(keras.callbacks.Callback):
    r"""Turns `Binary(two_stage=True)` kernels from $\tanh$ to signs during `fit`.

    Before `begin` weights are $\tanh(V)$; from then on their signs, trained with the
    gradient of the kernel's estimator (noisy backpropagation). What is trained
    in the first stage does not shrink anything; the second does.

    Args:
        begin: Where the second stage begins: a step, `"3 epochs"` or `"50%"`.

    Raises:
        ValueError: If `begin` is no position, or the model has no such kernel.

    Example:

    >>> kernel = tfc.kernels.Binary(two_stage=True)
    >>> layer = tfc.layers.CompressedDense(1, kernel=kernel, use_bias=False)
    >>> model = keras.Sequential([keras.Input((1,)), layer])
    >>> _ = layer.kernels["kernel"].latent.assign([[0.5]])
    >>> model.compile("sgd", "mse")
    >>> x = np.zeros((1, 1))
    >>> _ = model.fit(x, x, verbose=0, callbacks=[HardenSigns(0)])
    >>> layer.kernel.numpy().item()  # it was tanh(0.5) = 0.46
    1.0

    References:
        - [Kim and Smaragdis, 2016](https://arxiv.org/abs/1601.06071)
    """

    def __init__(self, begin="50%"):
        super().__init__()
        self.begin = check_position("begin", begin)

    def on_train_begin(self, logs=None):
        self._kernels = [
            layer
            for layer in every_layer(self.model)
            if isinstance(layer, Binary) and layer.two_stage
        ]
        if not self._kernels:
            rule = "have layers with `Binary(two_stage=True)`"
            raise _checks.error("model", rule, self.model.name)
        steps, epochs = self.params["steps"], self.params["epochs"]
        if not steps:
            raise _checks.error("steps_per_epoch", "be known", steps)
        self._begin = to_step("begin", self.begin, steps, epochs)
        self._epoch_start = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self.params["steps"]
        self._advance(self._epoch_start)

    def on_train_batch_end(self, batch, logs=None):
        self._advance(self._epoch_start + batch + 1)

    def get_config(self):
        return {"begin": self.begin}

    def _advance(self, step):
        if self._kernels and step >= self._begin:
            for kernel in self._kernels:
                kernel.harden()
            self._kernels = []
