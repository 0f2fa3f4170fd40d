"""Figures of a benchmark as tables."""

from collections.abc import Iterator


def tables(figures: dict, title: str = "") -> Iterator:
    """Yields rich tables of nested `figures`, one for each innermost group.

    A dictionary of dictionaries of numbers is a table with a row for each and a
    column for each number; what is nested deeper is a group with a longer title.
    """
    plain = {name: value for name, value in figures.items() if not _is_dict(value)}
    flat = {n: v for n, v in figures.items() if _is_dict(v) and not _is_nested(v)}
    if plain:
        yield _table(title, {name: {"value": value} for name, value in plain.items()})
    if flat:
        yield _table(title, flat)
    for name, value in figures.items():
        if _is_nested(value):
            yield from tables(value, f"{title}, {name}" if title else name)


def _table(title, rows):
    import rich.box
    from rich.table import Table

    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = Table(title=title, box=rich.box.SIMPLE_HEAD, title_justify="left")
    table.add_column("", overflow="fold")
    for column in columns:
        table.add_column("" if columns == ["value"] else column, justify="right")
    for name, row in rows.items():
        table.add_row(name, *(_text(row.get(column, "")) for column in columns))
    return table


def _text(value):
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _is_dict(value):
    return isinstance(value, dict)


def _is_nested(value):
    return _is_dict(value) and any(map(_is_dict, value.values()))
