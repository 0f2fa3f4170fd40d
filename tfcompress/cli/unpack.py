"""The command `tfcompress unpack`."""

import json
import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, Out


def unpack(
    archive: Annotated[pathlib.Path, typer.Argument(help="Archive that was packed.")],
    out: Out,
    max_bytes: Annotated[
        int, typer.Option(help="The most that the archive may hold.")
    ] = 1 << 32,
    as_json: AsJson = False,
) -> None:
    """Writes the model in an archive as a model file. Nothing in it is run.

    Example: `tfcompress unpack pruned.tfc pruned.keras`
    """
    with one_line():
        from tfcompress.export.unpack import unpack_to_file

        unpack_to_file(archive, out, max_bytes=max_bytes)
        size = out.stat().st_size
        content = json.dumps({"path": str(out), "bytes": size}, indent=2)
        typer.echo(content if as_json else f"{out}: {size:,} bytes")
