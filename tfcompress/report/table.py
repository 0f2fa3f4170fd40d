"""A report as text: tables of at most 80 columns, or Markdown."""

from tfcompress.plain_console import drawn, plain_console


def text(report) -> str:
    """Returns `report` as tables that fit 80 columns."""
    console = plain_console()
    for section in report.sections:
        for grid in section.grids():
            console.print(_table(grid.narrow()))
        for line in section.remarks():
            console.print(line, markup=False, highlight=False)
    return drawn(console)


def markdown(report) -> str:
    """Returns `report` as Markdown tables."""
    parts = [
        part
        for section in report.sections
        for part in [*map(_markdown, section.grids()), "\n".join(section.remarks())]
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _table(grid):
    import rich.box
    import rich.table
    import rich.text

    table = rich.table.Table(
        title=rich.text.Text(grid.title),
        box=rich.box.SIMPLE_HEAD,
        show_footer=grid.foot is not None,
        pad_edge=False,
        min_width=min(len(grid.title), 80),
    )
    feet = grid.foot or [""] * len(grid.head)
    for place, (title, foot) in enumerate(zip(grid.head, feet, strict=True)):
        if place < grid.words:
            table.add_column(title, footer=foot, overflow="fold")
        else:
            table.add_column(title, footer=foot, justify="right", no_wrap=True)
    for row in grid.rows:
        table.add_row(*map(rich.text.Text, row))
    return table


def _markdown(grid):
    numbers = len(grid.head) - grid.words
    rule = ["---"] * grid.words + ["---:"] * numbers
    foot = [[f"**{cell}**" if cell else "" for cell in grid.foot]] if grid.foot else []
    lines = [grid.head, rule, *grid.rows, *foot]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"**{grid.title}**\n\n{table}"
