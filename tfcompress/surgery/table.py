"""A plan as a table of at most 80 columns."""

from tfcompress.plain_console import drawn, plain_console


def text(plan) -> str:
    """Returns a line for each group: its layers, what was, what stays, and why."""
    import rich.box
    import rich.table

    table = rich.table.Table(
        title=plan.model.name, box=rich.box.SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("Layers", overflow="fold", ratio=1)
    table.add_column("Units", justify="right", no_wrap=True)
    table.add_column("Stay", justify="right", no_wrap=True)
    table.add_column("Why", overflow="fold", ratio=1)
    for decision in plan.decisions:
        group = decision.group
        table.add_row(
            _names(group.sources),
            f"{group.size:,}",
            f"{int(decision.stays.sum()):,}",
            decision.reason or "",
        )
    console = plain_console()
    console.print(table, markup=False, highlight=False)
    return drawn(console)


def _names(sources):
    more = f" and {len(sources) - 2} more" if len(sources) > 2 else ""
    return ", ".join(sources[:2]) + more
