"""The command `tfcompress pack`."""

import dataclasses
import json
import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, Model


def pack(
    model: Model,
    out: Annotated[pathlib.Path, typer.Argument(help="Archive to write.")],
    bits: Annotated[
        int | None, typer.Option(help="Bits per weight of kernels; exact if none.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Also how each weight is stored.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Writes a model as an archive, to store and to send.

    Example: `tfcompress pack pruned.keras pruned.tfc`
    """
    with one_line():
        from tfcompress.cli.model_file import load_model
        from tfcompress.export.pack import pack as pack_model

        result = pack_model(load_model(model), out, bits)
        if as_json:
            content = {**dataclasses.asdict(result), "path": str(out)}
            content["times_smaller"] = result.times_smaller
            typer.echo(json.dumps(content, indent=2))
        else:
            typer.echo(f"{result}\n\n{result.table()}" if table else result)
