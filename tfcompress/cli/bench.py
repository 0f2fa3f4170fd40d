"""The command `tfcompress bench`."""

import json
import pathlib
from typing import Annotated

import typer

from tfcompress.cli.benchmarks import Benchmark, find_benchmarks
from tfcompress.cli.errors import fail, one_line


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Which; all if none."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="A short run.")] = False,
    out: Annotated[
        pathlib.Path, typer.Option(help="Folder for the results.")
    ] = pathlib.Path("tfcompress-bench"),
    seed: Annotated[int, typer.Option(help="Seed of all randomness.")] = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Also those that have a result.")
    ] = False,
    markdown: Annotated[
        pathlib.Path | None,
        typer.Option(help="Also write all results of the folder as Markdown."),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Name them, run none.")
    ] = False,
) -> None:
    """Measures what the project claims, and writes the figures as JSON.

    A benchmark that has a result in the folder is not run again, so a run that was
    interrupted can be continued.
    """
    from rich.console import Console

    console = Console(width=80)
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
            return
        out.mkdir(parents=True, exist_ok=True)
    failed = [
        name
        for name in names or known
        if not _run(known[name], out, fast, seed, again, console)
    ]
    if markdown is not None:
        with one_line():
            _write_page(out, markdown)
    if failed:
        console.print(f"Failed: {', '.join(failed)}", style="red")
        raise typer.Exit(1)


def _run(benchmark: Benchmark, out, fast, seed, again, console) -> bool:
    """Runs one benchmark unless it has a result; returns whether it has one now."""
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
            return False
        result = {
            "name": benchmark.name,
            "description": benchmark.description,
            "figures": figures,
            "fast": fast,
            "seed": seed,
            "command": f"tfcompress bench {benchmark.name} --seed {seed}"
            + " --fast" * fast,
            **circumstances(),
        }
        write_text(path, json.dumps(result, indent=2) + "\n")
    for table in tables(result["figures"], title=benchmark.name):
        console.print(table)
    return True


def _write_page(folder, path):
    """Writes every result in `folder`, short runs left out, as one Markdown page."""
    from tfcompress.cli.figures import page
    from tfcompress.writing import write_text

    results = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    write_text(path, page([result for result in results if not result["fast"]]))
