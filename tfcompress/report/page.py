"""A report as one HTML page that needs nothing beside it."""

import base64
import html

from tfcompress.report.plot import svg

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2328; max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid #d1d9e0; }
td { text-align: right; font-variant-numeric: tabular-nums; }
th { text-align: right; } .word { text-align: left; overflow-wrap: anywhere; }
tfoot td { font-weight: 600; border-top: 2px solid #1f2328; }
img { max-width: 100%; height: auto; }
"""


def page(report) -> str:
    """Returns `report` as HTML: tables, remarks and pictures, and no script.

    The pictures are inside the page, so it can be sent as it is; nothing is fetched
    when it is opened.
    """
    name = html.escape(report.name)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{name}: report</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        f"<h1>{name}</h1>",
    ]
    for section in report.sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts.extend(map(_table, section.grids()))
        parts.extend(f"<p>{html.escape(line)}</p>" for line in section.remarks())
        parts.append(_picture(section))
    return "\n".join(filter(None, [*parts, "</body>\n</html>\n"]))


def _table(grid):
    head = _row(grid.head, "th", grid.words)
    rows = "\n".join(_row(row, "td", grid.words) for row in grid.rows)
    foot = f"<tfoot>{_row(grid.foot, 'td', grid.words)}</tfoot>" if grid.foot else ""
    return (
        f'<div class="wide"><table>\n<caption>{html.escape(grid.title)}</caption>\n'
        f"<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>{foot}\n</table></div>"
    )


def _row(cells, tag, words):
    kinds = [' class="word"'] * words + [""] * (len(cells) - words)
    inside = "".join(
        f"<{tag}{kind}>{html.escape(cell)}</{tag}>"
        for kind, cell in zip(kinds, cells, strict=True)
    )
    return f"<tr>{inside}</tr>"


def _picture(section):
    figure = section.figure()
    if figure is None:
        return ""
    # As an image of its own: inlined SVGs would share one another's identifiers.
    data = base64.b64encode(svg(figure)).decode("ascii")
    title = html.escape(section.title, quote=True)
    return f'<img alt="{title}" src="data:image/svg+xml;base64,{data}">'
