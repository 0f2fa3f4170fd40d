"""The command `tfcompress prune`."""

import math
from typing import Annotated

import typer

from tfcompress import _checks
from tfcompress.cli.errors import one_line
from tfcompress.cli.options import (
    AsJson,
    BatchSize,
    Data,
    Epochs,
    LearningRate,
    Model,
    Out,
    Seed,
)

MOVES = 50  # of the masks in a run, or so


def prune(
    model: Model,
    out: Out,
    data: Data,
    sparsity: Annotated[
        float, typer.Option(help="Share of the weights to remove, in [0, 1).")
    ] = 0.9,
    for_litert: Annotated[
        bool,
        typer.Option("--for-litert", help="In blocks that LiteRT can skip."),
    ] = False,
    epochs: Epochs = 5,
    batch_size: BatchSize = 32,
    learning_rate: LearningRate = 1e-3,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Removes the smallest weights of a classifier while it is trained on.

    The share that is removed grows until 70 % of the training are over. The model file
    does not get smaller by it: `tfcompress pack` and `tfcompress export` make use of
    the zeros.

    Example: `tfcompress prune model.keras pruned.keras --data mnist --sparsity 0.9`
    """
    with one_line():
        from rich.console import Console

        from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
        from tfcompress.cli.data import load_data
        from tfcompress.cli.fit import fit
        from tfcompress.cli.model_file import check_target, load_model, save_model
        from tfcompress.cli.outcome import show
        from tfcompress.schedules.polynomial import Polynomial

        check_target(out)
        _checks.sparsity("sparsity", sparsity)
        before, after, written = (load_model(model) for _ in range(3))
        examples = load_data(data)
        judged = examples.held_out(before)
        x, y = examples.to_train_on(before)
        steps = epochs * math.ceil(len(x) / batch_size)
        often = min(100, max(1, steps // MOVES))  # a short run is a ramp as well
        schedule = Polynomial(sparsity, end="70%", frequency=often)
        remove = PruneLowMagnitude(
            schedule, for_runtime="litert" if for_litert else None
        )
        fit(
            after,
            (x, y),
            remove,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            console=Console(quiet=as_json),
        )
        # A copy that was never compiled: it has no optimizer that would be saved.
        written.set_weights(after.get_weights())
        size = save_model(written, out)
        show(written, out, size, baseline=before, data=judged, as_json=as_json)
