"""Figures of a benchmark as tables, on the screen and in Markdown."""

from collections.abc import Iterator

from tfcompress.cli.curves import Curves, curves_of
from tfcompress.cli.scatter import Picture, Point

SPEED = "times faster"


def tables(figures: dict, title: str = "") -> Iterator:
    """Yields rich tables of nested `figures`, one for each innermost group.

    Groups of numbers beside each other are the rows of one table, with a column for
    each number; what else is nested is a table, or more, with a longer title.
    """
    import rich.box
    from rich.table import Table

    for name, columns, rows in _grids(figures, title):
        table = Table(title=name, box=rich.box.SIMPLE_HEAD, title_justify="left")
        table.add_column("", overflow="fold")
        for column in columns:
            table.add_column(column, justify="right")
        for row in rows:
            table.add_row(*row)
        yield table


def page(results: list[dict], folder: str) -> str:
    """Returns a Markdown page of benchmarks, each with how it was measured.

    Args:
        results: What `tfcompress bench` wrote, one dict for each benchmark.
        folder: Where the `pictures` are, as seen from the page.
    """
    parts = [
        "# Results\n\nEvery figure here was made by the command that stands above it. "
        "Times are medians of rounds\nin which all candidates take turns; compare "
        "ratios, not milliseconds.\n"
    ]
    for result in results:
        machine, versions = result["machine"], result["versions"]
        parts.append(
            f"\n## {result['name']}\n\n{result['description']}.\n\n"
            f"`{result['command']}` (seed {result['seed']}), {result['date'][:10]}, "
            f"{machine['cores']} cores of {machine['cpu']}, "
            + ", ".join(f"{name} {version}" for name, version in versions.items())
            + ".\n"
        )
        for title, columns, rows in _grids(result["figures"], ""):
            parts.append("\n" + markdown_table([title, *columns], rows))
        for picture in pictures(result):
            parts.append(f"\n![{picture.title}]({folder}/{picture.name})\n")
    return "".join(parts)


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    """Returns a table of text; all columns but the first stand to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))


def pictures(result: dict) -> Iterator[Picture | Curves]:
    """Yields the pictures of a result.

    There is one for each table with the columns that the benchmark has as its `PLOT`,
    and another where rows have `times faster` too. What is not ours is gray: rows whose
    names do not begin with `ours`. And there are its `curves_of`.
    """
    yield from curves_of(result)
    if not (columns := result.get("plot")):
        return
    size, accuracy = columns
    pictured = [
        (title, group)
        for title, group in result["figures"].items()
        if all({size, accuracy} <= set(row) for row in group.values())
    ]
    for number, (title, group) in enumerate(pictured):
        name = f"{result['name']}-{number}"
        ours = any(row.startswith("ours") for row in group)
        yield Picture(title, f"{name}.png", _points(group, size, accuracy, ours))
        timed = {row: cells for row, cells in group.items() if SPEED in cells}
        if timed:
            points = _points(timed, SPEED, accuracy, ours)
            yield Picture(title, f"{name}-speed.png", points, speed=True)


def _points(group, size, accuracy, ours):
    return [
        Point(
            name,
            row[size],
            row[accuracy] / 100,
            "gray" if ours and not name.startswith("ours") else None,
        )
        for name, row in group.items()
    ]


def _grids(figures, title):
    """Yields a title, the names of columns and rows of text, for each table."""
    groups = {name: group for name, group in figures.items() if isinstance(group, dict)}
    numbers = {name: {"": n} for name, n in figures.items() if name not in groups}
    if numbers:
        yield _grid(title, numbers)
    if groups and not numbers and not any(map(_is_nested, groups.values())):
        yield _grid(title, groups)
        return
    for name, group in groups.items():
        yield from _grids(group, f"{title}, {name}" if title else name)


def _grid(title, rows):
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    cells = [
        [name, *(text_of(row.get(column, "")) for column in columns)]
        for name, row in rows.items()
    ]
    return title, columns, cells


def text_of(value) -> str:
    """Returns a figure as it stands in a table."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_nested(group):
    return any(isinstance(value, dict) for value in group.values())
