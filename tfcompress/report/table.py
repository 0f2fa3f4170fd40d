"""A report as text: a table of at most 80 columns, or Markdown."""

import io


def text(report) -> str:
    """Returns `report` as a table that fits 80 columns."""
    import rich.box
    import rich.console
    import rich.table

    table = rich.table.Table(
        title=report.name, box=rich.box.SIMPLE_HEAD, show_footer=True, pad_edge=False
    )
    # Without the types: at 80 columns the names need the room.
    head, *body, foot = [[line[0], *line[2:]] for line in cells(report)]
    table.add_column(head[0], footer=foot[0], overflow="fold")
    for title, total in zip(head[1:], foot[1:], strict=True):
        table.add_column(title, footer=total, justify="right", no_wrap=True)
    for row in body:
        table.add_row(*row)
    console = rich.console.Console(file=io.StringIO(), width=80, color_system=None)
    console.print(table)
    for line in remarks(report):
        console.print(line, markup=False, highlight=False)
    lines = console.file.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines)


def markdown(report) -> str:
    """Returns `report` as a Markdown table."""
    head, *body, foot = cells(report)
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    lines = [head, rule, *body, [f"**{cell}**" if cell else "" for cell in foot]]
    table = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([f"**{report.name}**", "", *table, "", *remarks(report), ""])


def cells(report):
    """Returns the lines of the table, from its head to its foot, as strings."""
    head = ["Layer", "Type", "Parameters", "Zeros", "Bytes", "MACs"]
    body = [[row.name, row.kind, *_sizes(row), _count(row.macs)] for row in report.rows]
    total = report.total
    at_least = "≥ " if total.unknown else ""
    foot = ["Total", "", *_sizes(total), at_least + _count(total.macs)]
    if report.baseline is not None:
        head.append("Smaller")
        before = {row.name: row for row in report.baseline.rows}
        for row, line in zip(report.rows, body, strict=True):
            line.append(_times(_ratio(before.get(row.name), row)))
        foot.append(_times(report.times_smaller["stored_bits"]))
    return [head, *body, foot]


def remarks(report) -> list[str]:
    """Returns what must be said under the table."""
    lines = []
    if report.total.unknown:
        names = report.total.unknown
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        lines.append(f"MACs are not known of {', '.join(names[:3])}{more}.")
    started = [row for row in report.rows if row.error is not None]
    if started:
        worst = max(started, key=lambda row: row.error)
        lines.append(
            "Error of the start from trained weights, relative to them: "
            f"at most {worst.error:.1%} ({worst.name})."
        )
    if report.note:
        lines.append(report.note)
    if report.baseline is not None:
        ratios = report.times_smaller
        lines.append(
            f"Against the baseline: {_times(ratios['stored_bits'])} fewer "
            f"bytes, {_times(ratios['parameters'])} fewer parameters, "
            f"{_times(ratios['macs'])} fewer MACs."
        )
    if report.accuracy is not None:
        before = report.baseline and report.baseline.accuracy
        against = "" if before is None else f" (baseline: {before:.2%})"
        lines.append(f"Accuracy: {report.accuracy:.2%}{against}.")
    return lines


def _sizes(part):
    return [f"{part.parameters:,}", f"{part.sparsity:.1%}", f"{part.bytes:,}"]


def _count(number):
    return "?" if number is None else f"{number:,}"


def _ratio(before, after):
    known = before is not None and after.stored_bits
    return before.stored_bits / after.stored_bits if known else None


def _times(ratio):
    return "?" if ratio is None else f"{ratio:,.1f}x"
