"""The command `tfcompress bench`."""

import json
import os
import pathlib
from typing import Annotated

import typer

from tfcompress.cli.benchmarks import Benchmark, find_benchmarks
from tfcompress.cli.errors import fail, one_line
from tfcompress.cli.options import AsJson, Seed


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Which; all if none."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="A short run.")] = False,
    out: Annotated[
        pathlib.Path, typer.Option(help="Folder for the results.")
    ] = pathlib.Path("tfcompress-bench"),
    seed: Seed = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Also those that have a result.")
    ] = False,
    markdown: Annotated[
        pathlib.Path | None,
        typer.Option(
            help="Also write all results of the folder as a page; one that has blocks "
            "for tables is filled in."
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Name them, run none.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measures what the project claims, and writes the figures as JSON.

    A benchmark that has a result in the folder is not run again, so a run that was
    interrupted can be continued.

    Example: `tfcompress bench layer_step --fast`
    """
    from rich.console import Console

    console = Console(width=80, quiet=as_json)
    with one_line():
        known = {benchmark.name: benchmark for benchmark in find_benchmarks()}
        unknown = [name for name in names or () if name not in known]
        if unknown:
            fail(
                f"There is no benchmark {unknown[0]!r}. There are: {', '.join(known)}."
            )
        if listing:
            for benchmark in known.values():
                console.print(f"[bold]{benchmark.name}[/]  {benchmark.description}")
            if as_json:
                listed = {one.name: one.description for one in known.values()}
                typer.echo(json.dumps(listed, indent=2))
            return
        out.mkdir(parents=True, exist_ok=True)
    results = {
        name: _run(known[name], out, fast, seed, again, console)
        for name in names or known
    }
    failed = [name for name, result in results.items() if result is None]
    if as_json:
        made = [result for result in results.values() if result is not None]
        typer.echo(json.dumps(made, indent=2))
    if markdown is not None:
        with one_line():
            _write_page(out, markdown)
    if failed:
        console.print(f"Failed: {', '.join(failed)}", style="red")
        raise typer.Exit(1)


def _run(benchmark: Benchmark, out, fast, seed, again, console) -> dict | None:
    """Runs one benchmark unless it has a result; returns that, or None if it failed."""
    from tfcompress.cli.figures import tables
    from tfcompress.cli.machine import circumstances
    from tfcompress.writing import write_text

    path = out / f"{benchmark.name}{'-fast' if fast else ''}.json"
    if path.exists() and not again:
        console.print(f"{benchmark.name}: kept {path} (--again measures it anew)")
        result = json.loads(path.read_text(encoding="utf-8"))
    else:
        try:
            with console.status(f"{benchmark.name}: {benchmark.description}"):
                figures = benchmark.measure(fast=fast, seed=seed)
        except Exception as error:  # the others shall have their turn
            reason = f"{benchmark.name}: {type(error).__name__}: {error}"
            console.print(reason, style="red", markup=False)
            if console.quiet:
                typer.echo(reason, err=True)
            return None
        result = {
            "name": benchmark.name,
            "description": benchmark.description,
            "figures": figures,
            "fast": fast,
            "seed": seed,
            "command": f"tfcompress bench {benchmark.name} --seed {seed}"
            + " --fast" * fast,
            **({"plot": list(benchmark.plot)} if benchmark.plot else {}),
            **({"curves": list(benchmark.curves)} if benchmark.curves else {}),
            **circumstances(),
        }
        write_text(path, json.dumps(result, indent=2) + "\n")
    for table in tables(result["figures"], title=benchmark.name):
        console.print(table)
    return result


def _write_page(folder, path):
    """Writes every result in `folder`, short runs left out, as one Markdown page.

    Pictures lie beside the results. A page that has blocks for tables of results is
    only filled in.
    """
    from tfcompress.cli.figures import page, pictures
    from tfcompress.cli.filled import BEGIN, filled
    from tfcompress.writing import write_text

    results = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    results = [result for result in results if not result["fast"]]
    for result in results:
        for picture in pictures(result):
            picture.draw(folder)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if BEGIN in text:
        write_text(path, filled(text, {result["name"]: result for result in results}))
        return
    pictured = os.path.relpath(folder, path.parent).replace(os.sep, "/")
    write_text(path, page(results, pictured))
