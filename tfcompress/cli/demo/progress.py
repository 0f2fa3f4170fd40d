"""What the demo shows while it works."""

import contextlib

from rich import progress

from tfcompress.cli.epoch_bar import EpochBar


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
