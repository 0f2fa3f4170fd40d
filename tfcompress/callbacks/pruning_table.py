"""The table that ends a run of pruning."""


def print_table(summary, of="Weight", remark="LiteRT"):
    """Prints the rows of `Pruning.summary`, and their sum, to standard output.

    Args:
        summary: The rows, by name.
        of: What a row is.
        remark: What remarks are about; they have a column if there are any.
    """
    import rich.box
    import rich.console
    import rich.table

    size = sum(row["size"] for row in summary.values())
    kept = sum(row["kept"] for row in summary.values())
    foot = _cells(size, kept)
    table = rich.table.Table(box=rich.box.SIMPLE_HEAD, show_footer=True, pad_edge=False)
    table.add_column(of, footer="Total", overflow="fold")
    for title, total in zip(("Size", "Kept", "Sparsity"), foot, strict=True):
        table.add_column(title, footer=total, justify="right", no_wrap=True)
    remarks = any(row.get("remark") for row in summary.values())
    if remarks:
        table.add_column(remark, overflow="fold")
    for path, row in summary.items():
        cells = _cells(row["size"], row["kept"])
        table.add_row(path, *cells, *([row.get("remark", "")] if remarks else []))
    console = rich.console.Console(width=80, highlight=False, force_jupyter=False)
    console.print(table)


def _cells(size, kept):
    return f"{size:,}", f"{kept:,}", f"{1 - kept / size:.1%}"
