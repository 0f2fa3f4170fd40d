"""The command `tfcompress report`."""

import os
import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, MaybeData, Model

EXAMPLES = 200


def report(
    model: Model,
    baseline: Annotated[
        pathlib.Path | None, typer.Option(help="Model file to compare it with.")
    ] = None,
    data: MaybeData = None,
    shifted: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE.npz: other data. Can be given several times."),
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="Distance from the baseline under noise.")
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Bytes of .keras, .tflite and others.")
    ] = False,
    latency: Annotated[
        bool, typer.Option("--latency", help="Time of the .tflite by LiteRT.")
    ] = False,
    quantize: Annotated[
        str | None, typer.Option(help="How the .tflite is quantized, as by `export`.")
    ] = None,
    as_json: AsJson = False,
    markdown: Annotated[
        pathlib.Path | None, typer.Option(help="Markdown file to write it to.")
    ] = None,
    html: Annotated[
        pathlib.Path | None, typer.Option(help="HTML file to write it to.")
    ] = None,
    plot: Annotated[
        pathlib.Path | None, typer.Option(help="Image file to draw the layers to.")
    ] = None,
    tensorboard: Annotated[
        pathlib.Path | None, typer.Option(help="Folder for TensorBoard's scalars.")
    ] = None,
) -> None:
    """What a model stores and computes, layer by layer and in total.

    With data, how often it is right; with files and latency, what it takes when it is
    shipped; each against the baseline, if there is one.

    Example: `tfcompress report small.keras --baseline model.keras --html report.html`
    """
    with one_line():
        from rich.console import Console

        from tfcompress.cli.data import load_data
        from tfcompress.cli.log import errors_to
        from tfcompress.cli.model_file import load_model
        from tfcompress.measurement.report import report as report_of
        from tfcompress.writing import file_target, write_text

        for path in filter(None, (markdown, html, plot)):
            file_target(path)  # before anything is measured
        loaded = load_model(model)
        examples = None if data is None else load_data(data)
        others = {
            name: load_data(file).to_judge_by(loaded)
            for name, file in map(_named, shifted or ())
        }
        tflite = None
        if quantize is not None:
            tflite = {"quantize": quantize}
            if examples is not None:
                inputs = examples.to_train_on(loaded)[0]
                tflite["representative_data"] = inputs[:EXAMPLES]
        console = Console(quiet=as_json)
        measuring = console.status("measuring")
        # The converter has much to say, in the middle of whatever is shown.
        with errors_to(os.devnull), measuring:
            found = report_of(
                loaded,
                baseline=None if baseline is None else load_model(baseline),
                data=examples and examples.to_judge_by(loaded),
                shifted=others or None,
                noise=noise,
                files=files,
                latency=latency,
                tflite=tflite,
            )
        if markdown is not None:
            write_text(markdown, found.to_markdown())
        if html is not None:
            found.to_html(html)
        if plot is not None:
            found.plot(plot)
        if tensorboard is not None:
            found.to_tensorboard(tensorboard)
        typer.echo(found.to_json() if as_json else found)


def _named(text):
    name, separator, file = text.partition("=")
    if not (name and separator and file):
        raise ValueError(f"`--shifted` must be NAME=FILE. Received: {text}")
    return name, file
