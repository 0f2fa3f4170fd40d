"""Sparsity and masks of every weight, for TensorBoard."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.selection import select_weights


class CompressionLogger(keras.callbacks.Callback):
    """Writes the sparsity of each weight, and its mask as an image, for TensorBoard.

    Once an epoch the zeros of the weights are counted, whatever made them: a pruning
    callback, which is to be listed before this one, a constraint, or an earlier run.
    An image has the weight's last axis across and all others down, and shows at most
    512 of each; white is kept. The sparsity of all weights together is in the logs of
    the pruning callbacks, where Keras's own `TensorBoard` callback finds it.

    It needs Keras's TensorFlow backend.

    Args:
        log_dir: Path of the folder, that of the `TensorBoard` callback or another.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        images: Whether to write the masks too.

    Example: `tensorboard --logdir logs` shows them then.

    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="d")])
    >>> model.compile("sgd", "mse")
    >>> prune = tfc.callbacks.PruneLowMagnitude(tfc.schedules.Constant(0.5))
    >>> log = CompressionLogger("logs")
    >>> x, y = np.ones((4, 4)), np.ones((4, 2))
    >>> history = model.fit(x, y, verbose=0, callbacks=[prune, log])
    >>> import pathlib
    >>> len(list(pathlib.Path("logs").glob("events*")))
    1
    """

    def __init__(self, log_dir, *, which=None, images=True):
        super().__init__()
        self.log_dir = log_dir
        self.which = which
        self.images = _checks.boolean("images", images)

    def on_train_begin(self, logs=None):
        import tensorflow as tf

        self._weights = select_weights(self.model, self.which)
        self._summary = tf.summary
        self._writer = tf.summary.create_file_writer(str(self.log_dir))

    def on_epoch_end(self, epoch, logs=None):
        with self._writer.as_default(step=epoch):
            for weight in self._weights:
                kept = keras.ops.convert_to_numpy(weight) != 0
                self._summary.scalar(f"sparsity/{weight.path}", 1 - kept.mean())
                if self.images:
                    image = kept.reshape(-1, kept.shape[-1])[:512, :512]
                    pixels = image.astype(np.float32)[None, :, :, None]
                    self._summary.image(f"mask/{weight.path}", pixels)

    def on_train_end(self, logs=None):
        self._writer.close()
