"""Arguments and options that several commands share."""

import pathlib
from typing import Annotated

import typer

Model = Annotated[pathlib.Path, typer.Argument(help="Model file (.keras or .h5).")]
Out = Annotated[pathlib.Path, typer.Argument(help="Model file to write (.keras).")]
Data = Annotated[
    str,
    typer.Option(
        help="Data set (digits, mnist, fashion_mnist, ...) or .npz file with x_train, "
        "y_train, x_test, y_test, or with x, y.",
        show_default=False,
    ),
]
MaybeData = Annotated[
    str | None,
    typer.Option(
        help="Data set (digits, mnist, ...) or .npz file with x_test, y_test, or x, y."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
Epochs = Annotated[int, typer.Option(help="Epochs of training.", min=1)]
BatchSize = Annotated[int, typer.Option(help="Examples in a step.", min=1)]
LearningRate = Annotated[float, typer.Option(help="Learning rate of Adam.")]
Seed = Annotated[int, typer.Option(help="Seed of all randomness.", min=0)]
