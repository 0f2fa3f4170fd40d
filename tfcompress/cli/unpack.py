"""The command `tfcompress unpack`."""

import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line


def unpack(
    archive: Annotated[pathlib.Path, typer.Argument(help="Archive that was packed.")],
    out: Annotated[pathlib.Path, typer.Argument(help="Model file to write (.keras).")],
    max_bytes: Annotated[
        int, typer.Option(help="The most that the archive may hold.")
    ] = 1 << 32,
) -> None:
    """Writes the model in an archive as a model file. Nothing in it is run."""
    with one_line():
        from tfcompress.export.unpack import unpack_to_file

        unpack_to_file(archive, out, max_bytes=max_bytes)
        typer.echo(f"{out}: {out.stat().st_size:,} bytes")
