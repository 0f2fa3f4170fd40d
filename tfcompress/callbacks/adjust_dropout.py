"""Dropout that gets weaker as the layer before it gets sparser."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.selection import layers_around, select_weights
from tfcompress.sublayers import sublayers


class AdjustDropout(keras.callbacks.Callback):
    r"""Lowers the rate of each dropout layer as the weights before it are pruned.

    $$ D = D_0 \sqrt{C / C_0} $$

    where $C / C_0$ is the share of connections that is left in the layer whose
    outputs are dropped: that with the last kernel before the `Dropout`, in the order
    of the model's layers. A sparse layer has less capacity to overfit, and the full
    dropout would be too much for it.

    The zeros of the weights are counted at the beginning of every epoch, so it goes
    with any pruning callback, and with a model that was pruned before. `rate` is set
    back at the end of `fit`.

    Raises:
        ValueError: When training begins: if the model has no `Dropout` after a kernel.

    Example: a quarter of the connections is left, hence half of the rate.

    >>> dense, dropout = keras.layers.Dense(4), keras.layers.Dropout(0.5)
    >>> model = keras.Sequential([keras.Input((4,)), dense, dropout])
    >>> model.compile("sgd", "mse")
    >>> _ = dense.kernel.assign(np.eye(4))
    >>> rate = keras.callbacks.LambdaCallback(
    ...     on_epoch_begin=lambda epoch, logs: print(dropout.rate)
    ... )
    >>> x, y = np.ones((4, 4)), np.ones((4, 4))
    >>> history = model.fit(x, y, verbose=0, callbacks=[AdjustDropout(), rate])
    0.25

    References:
        - [Han et al., 2015](https://arxiv.org/abs/1506.02626), section 3.2
    """

    def __init__(self):
        super().__init__()
        self._rates = {}

    def on_train_begin(self, logs=None):
        self._restore()
        self._before = _kernels_before(self.model)
        if not self._before:
            rule = "have a `Dropout` layer after one with a kernel"
            raise _checks.error("model", rule, self.model.name)
        self._rates = {layer: layer.rate for layer in self._before}

    def on_epoch_begin(self, epoch, logs=None):
        changed = False
        for layer, kernels in self._before.items():
            left = sum(int(np.count_nonzero(kernel)) for kernel in kernels)
            size = sum(int(np.prod(kernel.shape)) for kernel in kernels)
            rate = self._rates[layer] * float(np.sqrt(left / size))
            changed |= rate != layer.rate
            layer.rate = rate
        if changed:  # the compiled step has the rate as a constant
            self.model.make_train_function(force=True)

    def on_train_end(self, logs=None):
        self._restore()

    def _restore(self):
        for layer, rate in self._rates.items():
            layer.rate = rate
        if self._rates:
            self.model.make_train_function(force=True)
        self._rates = {}


def _kernels_before(model):
    """Returns a dict: each dropout layer -> the kernels of the last layer before it."""
    kernels = select_weights(model)
    around = zip(kernels, layers_around(model, kernels), strict=True)
    inside = [(kernel, {id(layer) for layer in layers}) for kernel, layers in around]
    found, last = {}, []
    for layer in _in_order(model):
        if isinstance(layer, keras.layers.Dropout) and last:
            found[layer] = last
        own = [kernel for kernel, layers in inside if id(layer) in layers]
        last = own or last
    return found


def _in_order(layer):
    """Yields the layers of nested models one by one, in the order of their calls."""
    for sublayer in sublayers(layer):
        if isinstance(sublayer, keras.Model):
            yield from _in_order(sublayer)
        else:
            yield sublayer
