"""The command `tfcompress tune`."""

import os
import pathlib
import re
import shutil
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
    Seed,
)

UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 10**6, "KiB": 2**10, "MiB": 2**20}


def tune(
    model: Model,
    out: Annotated[pathlib.Path, typer.Argument(help="File to write (.tflite).")],
    data: Data,
    budget: Annotated[
        str | None, typer.Option(help="Size of the file: 50KB, 1.5MB, 20KiB, 9000.")
    ] = None,
    macs: Annotated[
        int | None, typer.Option(help="Multiply-accumulates of one example.")
    ] = None,
    latency_us: Annotated[
        float | None, typer.Option(help="Microseconds of one example, on this machine.")
    ] = None,
    accuracy_drop: Annotated[
        float | None, typer.Option(help="Share of right answers that may be lost.")
    ] = None,
    folder: Annotated[
        pathlib.Path | None,
        typer.Option(help="Where trials are kept; OUT without its suffix if none."),
    ] = None,
    trials: Annotated[int, typer.Option(help="Models to train.", min=1)] = 6,
    epochs: Epochs = 3,
    batch_size: BatchSize = 64,
    learning_rate: LearningRate = 1e-3,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Finds a compression that meets a budget, trains it, and writes the file.

    The last tenth of the training data chooses. Where no trial meets the budget, nothing
    is written to OUT, the nearest is named, and the exit code is 1. A search that was
    interrupted goes on when the same command is given again.

    Example: `tfcompress tune model.keras small.tflite --data mnist --budget 50KB`
    """
    with one_line():
        from tfcompress.cli.data import load_data
        from tfcompress.cli.fit import compile_classifier
        from tfcompress.cli.log import errors_to
        from tfcompress.cli.model_file import load_model
        from tfcompress.tuner.budget import Budget
        from tfcompress.tuner.tune import tune as search
        from tfcompress.writing import file_target, whole_file

        file_target(out, ".tflite")
        limits = Budget(
            bytes=None if budget is None else bytes_of(budget),
            macs=macs,
            latency_us=latency_us,
            accuracy_drop=accuracy_drop,
        )
        loaded = load_model(model)
        compile_classifier(loaded, learning_rate)
        examples = load_data(data).to_train_on(loaded)
        with errors_to(os.devnull):
            tuning = search(
                loaded,
                examples,
                budget=limits,
                folder=out.with_suffix("") if folder is None else folder,
                trials=trials,
                epochs=epochs,
                batch_size=batch_size,
                seed=seed,
                verbose=0 if as_json else 1,
            )
        if tuning.met:
            with whole_file(out) as draft:
                shutil.copyfile(tuning.path, draft)
    typer.echo(tuning.to_json() if as_json else str(tuning))
    if not tuning.met:
        raise typer.Exit(1)


def bytes_of(size: str) -> int:
    """Returns the bytes of a size that is written with a unit, as `50KB`.

    >>> bytes_of("1.5KB")
    1500
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)", size)
    if not match or match[2] not in UNITS:
        rule = f"be a number of bytes, with one of the units {[*UNITS][1:]} or none"
        raise _checks.error("budget", rule, size)
    return round(float(match[1]) * UNITS[match[2]])
