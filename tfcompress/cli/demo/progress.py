"""What the demo shows while it works."""

import contextlib

import keras
from rich import progress


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


@contextlib.contextmanager
def bars(console, steps: int):
    """Shows a bar of `steps` steps and one of epochs.

    Yields a function that begins the next step, by its name, and the callback that
    moves the bar of epochs.
    """
    columns = (
        progress.TextColumn("{task.description:<30}"),
        progress.BarColumn(bar_width=20),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as shown:
        steps = shown.add_task("", total=steps, completed=-1)
        epochs = shown.add_task("  epochs", visible=False)

        def begin(name):
            shown.update(steps, description=name, advance=1)

        yield begin, EpochBar(shown, epochs)
