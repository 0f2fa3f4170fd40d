"""The command `tfcompress prune`."""

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
        from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
        from tfcompress.cli.data import load_data
        from tfcompress.cli.fit import fit_and_write
        from tfcompress.cli.model_file import check_target, load_model
        from tfcompress.schedules.polynomial import Polynomial

        check_target(out)
        _checks.sparsity("sparsity", sparsity)
        before, after = load_model(model), load_model(model)
        examples = load_data(data)
        judged = examples.held_out(before)
        x, y = examples.to_train_on(before)
        schedule = Polynomial(sparsity, end="70%")
        remove = PruneLowMagnitude(
            schedule, for_runtime="litert" if for_litert else None
        )
        fit_and_write(
            after,
            (x, y),
            [remove],
            source=model,
            out=out,
            before=before,
            judged=judged,
            as_json=as_json,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
        )
