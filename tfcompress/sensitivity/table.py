"""The table of a sensitivity analysis, for a terminal and in Markdown."""

from tfcompress.plain_console import plain_console


def text(sensitivity) -> str:
    """Returns the table of a `Sensitivity`, with a line below it."""
    from rich import box
    from rich.table import Table

    ratios, rows = _cells(sensitivity)
    table = Table(box=box.SIMPLE, title="Accuracy in percent")
    for head in ("Layer", "Method"):
        table.add_column(head)
    for ratio in ratios:
        table.add_column(f"{ratio:g}", justify="right")
    for row in rows:
        table.add_row(*row)
    width = 30 + 12 * len(ratios)
    console = plain_console(width)
    console.print(table)
    return f"{console.file.getvalue().rstrip()}\n\n{_below(sensitivity)}"


def markdown(sensitivity) -> str:
    """Returns the table of a `Sensitivity` in Markdown, with a line below it."""
    ratios, rows = _cells(sensitivity)
    heads = ["layer", "method", *(f"{ratio:g}" for ratio in ratios)]
    rules = ["---", "---", *(["---:"] * len(ratios))]
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, rules, *rows)]
    return "\n".join([*lines, "", _below(sensitivity)])


def _cells(sensitivity):
    """Returns the ratios, and rows of a layer, a method and an accuracy for each."""
    ratios = sorted({row.ratio for row in sensitivity.rows}, reverse=True)
    found = {(row.layer, row.method, row.ratio): row for row in sensitivity.rows}
    pairs = dict.fromkeys((row.layer, row.method) for row in sensitivity.rows)
    return ratios, [
        [layer, str(method), *(_cell(found[layer, method, ratio]) for ratio in ratios)]
        for layer, method in pairs
    ]


def _cell(row):
    return "-" if row.fault else f"{100 * row.accuracy:.2f}"


def _below(sensitivity):
    before = f"{100 * sensitivity.accuracy:.2f}"
    line = (
        f"Before: {before} %, on {sensitivity.examples:,} examples. Nothing is trained."
    )
    faults = sum(bool(row.fault) for row in sensitivity.rows)
    return line + (f" -: not possible, as `rows` say ({faults})." if faults else "")
