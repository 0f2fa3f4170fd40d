"""The command `tfcompress demo`."""

import dataclasses
import json
import pathlib
import shlex
import sys
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, Seed


def demo(
    data: Annotated[
        str, typer.Option(help="Data set: digits, mnist or fashion_mnist.")
    ] = "digits",
    out: Annotated[
        pathlib.Path, typer.Option(help="Folder for the results.")
    ] = pathlib.Path("tfcompress-demo"),
    fast: Annotated[
        bool, typer.Option("--fast", help="A smaller network, less training.")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Compresses one network in every way, and compares the files that come out.

    Each method trains, exports a .tflite file, and is judged by that file alone: its
    accuracy, bytes and latency with LiteRT. The folder then holds the files, the table
    (table.json, table.md) and a plot of size against accuracy (plot.png).

    Example: `tfcompress demo --fast`
    """
    from rich.console import Console

    from tfcompress.cli.demo.progress import bars
    from tfcompress.cli.demo.recipes import RECIPES
    from tfcompress.cli.demo.run import run
    from tfcompress.cli.demo.settings import Settings
    from tfcompress.cli.demo.table import markdown, table
    from tfcompress.cli.log import errors_to
    from tfcompress.cli.machine import circumstances
    from tfcompress.cli.scatter import Point, scatter
    from tfcompress.datasets.load import load
    from tfcompress.writing import write_text

    with one_line():
        images = load(data)
        out.mkdir(parents=True, exist_ok=True)
    console = Console(quiet=as_json)
    settings = Settings.for_data(data, fast=fast, seed=seed)
    steps = len(RECIPES) + 2  # with the baseline's training, and the timing
    with errors_to(out / "log.txt"), bars(console, steps) as (begin, epoch_bar):
        shown = dataclasses.replace(settings, callbacks=(epoch_bar,))
        rows = run(images, out, shown, RECIPES, on_step=begin)
    command = shlex.join(["tfcompress", *sys.argv[1:]])
    record = {
        "rows": [dataclasses.asdict(row) for row in rows],
        "data": data,
        "settings": dataclasses.asdict(settings),
        "command": command,
        **circumstances(),
    }
    widths = f"{images.x_train[0].size}-{settings.width}-{settings.width}"
    title = f"{data}: MLP {widths}-{len(images.classes)}, compressed"
    content = json.dumps(record, indent=2)
    write_text(out / "table.json", content + "\n")
    write_text(out / "table.md", markdown(rows, title, command))
    points = [
        Point(f"{row.method}  ({row.smaller:.1f}x smaller)", row.bytes, row.accuracy)
        for row in rows
        if row.file
    ]
    scatter(points, title, out / "plot.png")
    console.print(table(rows, title))
    console.print(f"Files, table and plot are in {out}/", highlight=False)
    if as_json:
        typer.echo(content)
    failed = [row for row in rows if row.failure]
    for row in failed:
        console.print(f"{row.method}: {row.failure}", style="red", markup=False)
    if failed:
        raise typer.Exit(1)
