"""The command `tfcompress pack`."""

import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line


def pack(
    model: Annotated[pathlib.Path, typer.Argument(help="Model file (.keras).")],
    out: Annotated[pathlib.Path, typer.Argument(help="Archive to write.")],
    bits: Annotated[
        int | None, typer.Option(help="Bits per weight of kernels; exact if none.")
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Also how each weight is stored.")
    ] = False,
) -> None:
    """Writes a model as an archive, to store and to send."""
    with one_line():
        from tfcompress.cli.model_file import load_model
        from tfcompress.export.pack import pack as pack_model

        result = pack_model(load_model(model), out, bits)
        typer.echo(f"{result}\n\n{result.table()}" if table else result)
