"""Stored bits, zeros, masks, and the distance to a baseline, epoch by epoch."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples
from tfcompress.report.rows import rows
from tfcompress.report.total import Total
from tfcompress.selection import check_which, select_weights
from tfcompress.writing import folder_path


class CompressionLogger(keras.callbacks.Callback):
    r"""Logs what a model stores, and for TensorBoard the mask of each weight.

    At the end of each epoch three numbers go into the logs, where `History`, `CSVLogger`
    and Keras's own `TensorBoard` find them, if they are listed after this:

    - `stored_bits`: what the weights need as they are represented, as `tfc.report` has
      it. Zeros take their bits there until a file is exported sparse.
    - `zeros`: the share of the stored numbers that are zero, whatever made them.
    - `distance_to_baseline`: $\lVert f(x) - g(x) \rVert_2 / \lVert g(x) \rVert_2$ of the
      outputs of the model $f$ and the baseline $g$, if there is one.

    With `log_dir` they are scalars for TensorBoard as well, with the sparsity of each
    weight and its mask as an image, which has the weight's last axis across and all
    others down, and shows at most 512 of each; white is kept. List it after pruning
    callbacks. It costs a pass over all weights once an epoch, and a prediction of `x`.

    Writing for TensorBoard needs Keras's TensorFlow backend.

    Args:
        log_dir: Path of the folder, that of the `TensorBoard` callback or another; None
            for the logs alone.
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        images: Whether to write the masks too.
        baseline: A `keras.Model` with the same inputs and outputs, such as the one that
            the model was converted from; or None.
        x: Inputs to compare them on, some hundred; given with `baseline`, or not at all.

    Raises:
        TypeError: `images` is not boolean, or `baseline` not a model.
        ValueError: Only one of `baseline` and `x` is given.

    Example: `tensorboard --logdir logs` shows them then.

    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="d")])
    >>> model.compile("sgd", "mse")
    >>> prune = tfc.callbacks.PruneLowMagnitude(tfc.schedules.Constant(0.5))
    >>> log = CompressionLogger("logs")
    >>> x, y = np.ones((4, 4)), np.ones((4, 2))
    >>> history = model.fit(x, y, verbose=0, callbacks=[prune, log])
    >>> history.history["zeros"], history.history["stored_bits"]  # 4 of 8 + 2 numbers
    ([0.4], [320])
    >>> import pathlib
    >>> len(list(pathlib.Path("logs").glob("events*")))
    1
    """

    def __init__(self, log_dir=None, *, which=None, images=True, baseline=None, x=None):
        super().__init__()
        self.log_dir = log_dir
        if log_dir is not None:
            folder_path("log_dir", log_dir)
        self.which = check_which(which)
        self.images = _checks.boolean("images", images)
        if baseline is not None:
            _checks.instance("baseline", baseline, keras.Model, "a `keras.Model`")
            if not baseline.built:
                raise _checks.error("baseline", "be built", baseline.name)
        if (baseline is None) != (x is None):
            rule = "be given with `x`, and `x` with it"
            given = None if baseline is None else baseline.name
            raise _checks.error("baseline", rule, given)
        self.baseline = baseline
        self.x = None if x is None else examples("x", x, baseline)

    def on_train_begin(self, logs=None):
        self._writer = None
        if self.baseline is not None:
            self._expected = _outputs(self.baseline, self.x)
        if self.log_dir is not None:
            import tensorflow as tf

            self._weights = select_weights(self.model, self.which)
            self._summary = tf.summary
            self._writer = tf.summary.create_file_writer(str(self.log_dir))

    def on_epoch_end(self, epoch, logs=None):
        found = self._numbers()
        if logs is not None:
            logs.update(found)
        if self._writer is None:
            return
        with self._writer.as_default(step=epoch):
            for name, value in found.items():
                self._summary.scalar(f"compression/{name}", value)
            for weight in self._weights:
                kept = keras.ops.convert_to_numpy(weight) != 0
                self._summary.scalar(f"sparsity/{weight.path}", 1 - kept.mean())
                if self.images:
                    image = kept.reshape(-1, kept.shape[-1])[:512, :512]
                    pixels = image.astype(np.float32)[None, :, :, None]
                    self._summary.image(f"mask/{weight.path}", pixels)

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()

    def _numbers(self):
        total = Total.of(rows(self.model, {}))
        found = {"stored_bits": total.stored_bits, "zeros": total.sparsity}
        if self.baseline is not None:
            off = np.linalg.norm(_outputs(self.model, self.x) - self._expected)
            size = np.linalg.norm(self._expected)
            found["distance_to_baseline"] = float(off / size) if size else float(off)
        return found


def _outputs(model, x):
    """All outputs of `model` for `x`, one batch, in one row."""
    outputs = keras.tree.flatten(model(x, training=False))
    arrays = [keras.ops.convert_to_numpy(output) for output in outputs]
    return np.concatenate([array.astype("float64").ravel() for array in arrays])
