"""The command `tfcompress report`."""

import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line


def report(
    model: Annotated[pathlib.Path, typer.Argument(help="Model file (.keras).")],
    baseline: Annotated[
        pathlib.Path | None, typer.Option(help="Model file to compare it with.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plot: Annotated[
        pathlib.Path | None, typer.Option(help="Image file to draw the layers to.")
    ] = None,
) -> None:
    """What a model stores and computes, layer by layer and in total."""
    with one_line():
        from tfcompress.cli.model_file import load_model
        from tfcompress.report.report import report as report_of

        before = None if baseline is None else load_model(baseline)
        found = report_of(load_model(model), baseline=before)
        if plot is not None:
            found.plot(plot)
        typer.echo(found.to_json() if json else found)
