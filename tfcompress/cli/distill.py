"""The command `tfcompress distill`."""

import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import (
    AsJson,
    BatchSize,
    Data,
    Epochs,
    LearningRate,
    Out,
    Seed,
)

PRUNED = 0.1  # the share of zeros that no training leaves by itself


def distill(
    teacher: Annotated[
        pathlib.Path, typer.Argument(help="Model file of the teacher (.keras or .h5).")
    ],
    student: Annotated[
        pathlib.Path, typer.Argument(help="Model file of the student, trained or not.")
    ],
    out: Out,
    data: Data,
    temperature: Annotated[
        float, typer.Option(help="How soft the teacher's answers are made.")
    ] = 4.0,
    alpha: Annotated[
        float, typer.Option(help="Weight of the teacher against the labels.")
    ] = 0.5,
    epochs: Epochs = 5,
    batch_size: BatchSize = 32,
    learning_rate: LearningRate = 1e-3,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Trains a small classifier on the answers of a large one.

    The student is a model file as well: a smaller network of the same inputs and
    classes, saved by `model.save`, or one that `tfcompress convert` or `tfcompress
    prune` made. Of a pruned one, with a tenth of zeros or more, the zeros stay.

    Example: `tfcompress distill large.keras small.keras taught.keras --data mnist`
    """
    with one_line():
        from tfcompress.callbacks.distill import Distill
        from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
        from tfcompress.cli.data import load_data
        from tfcompress.cli.fit import fit_and_write
        from tfcompress.cli.model_file import check_target, load_model
        from tfcompress.report.report import report
        from tfcompress.schedules.constant import Constant

        check_target(out)
        before, after = load_model(teacher), load_model(student)
        callbacks = [Distill(before, temperature=temperature, alpha=alpha)]
        if report(after).total.sparsity >= PRUNED:
            callbacks.append(PruneLowMagnitude(Constant(0.0)))
        examples = load_data(data)
        judged = examples.held_out(before)
        fit_and_write(
            after,
            examples.to_train_on(after),
            callbacks,
            source=student,
            out=out,
            before=before,
            judged=judged,
            as_json=as_json,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
        )
