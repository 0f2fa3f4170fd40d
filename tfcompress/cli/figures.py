"""Figures of a benchmark as tables."""

from collections.abc import Iterator


def tables(figures: dict, title: str = "") -> Iterator:
    """Yields rich tables of nested `figures`, one for each innermost group.

    Groups of numbers beside each other are the rows of one table, with a column for
    each number; what else is nested is a table, or more, with a longer title.
    """
    groups = {name: group for name, group in figures.items() if isinstance(group, dict)}
    numbers = {name: {"": n} for name, n in figures.items() if name not in groups}
    if numbers:
        yield _table(title, numbers)
    if groups and not numbers and not any(map(_is_nested, groups.values())):
        yield _table(title, groups)
        return
    for name, group in groups.items():
        yield from tables(group, f"{title}, {name}" if title else name)


def _table(title, rows):
    import rich.box
    from rich.table import Table

    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = Table(title=title, box=rich.box.SIMPLE_HEAD, title_justify="left")
    table.add_column("", overflow="fold")
    for column in columns:
        table.add_column(column, justify="right")
    for name, row in rows.items():
        table.add_row(name, *(_text(row.get(column, "")) for column in columns))
    return table


def _text(value):
    if isinstance(value, float):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_nested(group):
    return any(isinstance(value, dict) for value in group.values())
