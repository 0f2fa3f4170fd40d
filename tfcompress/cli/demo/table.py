"""The demo's table, for a terminal and in Markdown."""

import rich.box
from rich.table import Table

HEAD = ["Method", "Accuracy", "Bytes", "Smaller", "Latency", "Error"]
CAPTION = (
    "Accuracy: of the exported file on the test images. Latency: of one image on one "
    "thread, with LiteRT, as a share of the baseline's; the files took turns, and "
    "medians are compared. Error: greatest difference of the file's outputs from the "
    "Keras model's."
)


def table(rows, title: str) -> Table:
    """Returns the table of `rows`, for 80 columns."""
    made = Table(title=title, caption=CAPTION, box=rich.box.SIMPLE_HEAD, pad_edge=False)
    made.caption_justify = "left"
    made.add_column(HEAD[0], overflow="fold")
    for name in HEAD[1:]:
        made.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        made.add_row(row.method, *_cells(row), style="red" if row.failure else None)
    return made


def markdown(rows, title: str, command: str) -> str:
    """Returns the table of `rows` in Markdown, with what each method does."""
    lines = [
        f"# {title}",
        "",
        f"| {' | '.join(HEAD)} |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join([row.method, *_cells(row)])} |" for row in rows),
        "",
        f"Made by `{command}`. {CAPTION}",
        "",
        *(f"- {row.method}: {row.failure or row.description}" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _cells(row):
    if row.failure:
        return ["failed", "", "", "", ""]
    return [
        f"{row.accuracy:.2%}",
        f"{row.bytes:,}",
        f"{row.smaller:.1f}x",
        f"{row.latency:.2f}",
        f"{row.max_error:.1g}",
    ]
