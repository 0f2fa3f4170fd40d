"""A bar that moves with the epochs of a training."""

import keras


class EpochBar(keras.callbacks.Callback):
    """Moves a bar of rich by one for each epoch of a `fit`.

    Args:
        bars: A `rich.progress.Progress`.
        task: The bar's number in it.
    """

    def __init__(self, bars, task):
        super().__init__()
        self.bars = bars
        self.task = task

    def on_train_begin(self, logs=None):
        self.bars.reset(self.task, total=self.params["epochs"], visible=True)

    def on_epoch_end(self, epoch, logs=None):
        self.bars.advance(self.task)

    def on_train_end(self, logs=None):
        self.bars.update(self.task, visible=False)
