"""What a command says of the model that it wrote."""

import json

import typer

from tfcompress.report.report import report


def show(model, path, size: int, *, baseline, data=None, as_json=False) -> None:
    """Prints where `model` is, and its report against the `baseline`.

    Args:
        model: The model that was written.
        path: The file.
        size: Its bytes.
        baseline: The model that it was made from.
        data: Pair `(x, y)` to judge both by, or None.
        as_json: Whether to print JSON.
    """
    found = report(model, baseline=baseline, data=data)
    if as_json:
        content = {
            "path": str(path),
            "bytes": size,
            "report": json.loads(found.to_json()),
        }
        typer.echo(json.dumps(content, indent=2))
    else:
        typer.echo(f"{found}\n\n{path}: {size:,} bytes")
