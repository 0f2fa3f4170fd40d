"""Training of a classifier that was named on the command line."""

import keras
from rich import progress
from rich.console import Console

from tfcompress import _checks
from tfcompress.cli.epoch_bar import EpochBar
from tfcompress.cli.model_file import load_model, save_model
from tfcompress.cli.outcome import show
from tfcompress.distillation.outputs import gives_logits


def fit(model, data, callbacks, *, epochs, batch_size, learning_rate, seed, console):
    """Trains `model` with Adam, a bar of the epochs on the `console`.

    Args:
        model: A classifier; it is compiled anew.
        data: Pair `(x, y)`, with the indices of the classes.
        callbacks: List of what is done besides.
        epochs: Number of epochs.
        batch_size: Examples in a step.
        learning_rate: That of Adam.
        seed: Seed of the shuffling and whatever else is random.
        console: A `rich.console.Console`.

    Raises:
        ValueError: The outputs are neither logits nor probabilities of classes.
    """
    keras.utils.set_random_seed(seed)
    compile_classifier(model, learning_rate)
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(bar_width=20),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    shown = {"console": console, "transient": True, "disable": not console.is_terminal}
    with progress.Progress(*columns, **shown) as bars:
        bar = EpochBar(bars, bars.add_task("epochs", visible=False))
        model.fit(
            *data,
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
            callbacks=[*callbacks, bar],
        )


def fit_and_write(
    after, data, callbacks, *, source, out, before, judged, as_json, **training
):
    """Trains `after` and writes it to `out`, and shows it beside `before`.

    Args:
        after: The model to train.
        data: As of `fit`, and so are `callbacks`, and what else is given.
        source: File that `after` was loaded from.
        out: File to write.
        before: The model to compare with.
        judged: Examples to compare on, or None.
        as_json: Whether JSON is shown, and nothing else.
    """
    # A copy that is never compiled: it has no optimizer that would be saved.
    written = load_model(source)
    fit(after, data, callbacks, console=Console(quiet=as_json), **training)
    written.set_weights(after.get_weights())
    size = save_model(written, out)
    show(written, out, size, baseline=before, data=judged, as_json=as_json)


def compile_classifier(model, learning_rate):
    """Compiles `model` with Adam and the loss that its outputs ask for.

    Raises:
        ValueError: The outputs are neither logits nor probabilities of classes.
    """
    _checks.number("learning_rate", learning_rate, low=0, open_low=True)
    model.compile(keras.optimizers.Adam(learning_rate), _loss(model))


def _loss(model):
    if model.output_shape[-1] == 1:  # the probability of the second class
        return keras.losses.BinaryCrossentropy()
    logits = gives_logits("model", None, model)
    return keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
