"""Tables of results inside a page that somebody has written."""

import re

from tfcompress.cli.figures import markdown_table, text_of

BEGIN = "<!-- results: "
_BLOCK = re.compile(rf"({BEGIN}(?P<query>.*?) -->\n).*?<!-- end -->", re.DOTALL)


def filled(text: str, results: dict[str, dict]) -> str:
    """Returns a page with the tables of its blocks made anew of `results`.

    A block names a benchmark and one of its tables, then columns, then rows if not all
    are wanted; `as` gives another name:

    ```
    <!-- results: peers / LeNet-5 | bytes, times smaller as smaller | float32; ours -->
    <!-- end -->
    ```

    Args:
        text: A page in Markdown.
        results: What `tfcompress bench` wrote, by the names of benchmarks.

    Raises:
        ValueError: A block asks for what no result has.
    """
    return _BLOCK.sub(lambda found: found[1] + _table(found["query"], results), text)


def _table(query, results):
    place, columns, *rows = (part.strip() for part in query.split("|"))
    name, *titles = (part.strip() for part in place.split(" / "))
    group = results.get(name, {}).get("figures")
    for title in titles:
        group = _part(group, title, query)
    names = [_renamed(row) for row in rows[0].split(";")] if rows else None
    if names is None:
        names = [(row, row) for row in group or {}]
    wanted = [_renamed(column) for column in columns.split(",")]
    body = [
        [shown, *(text_of(_part(group, row, query).get(one, "")) for one, _ in wanted)]
        for row, shown in names
    ]
    return markdown_table(["", *(shown for _, shown in wanted)], body) + "<!-- end -->"


def _part(group, name, query):
    if not isinstance(group, dict) or name not in group:
        found = sorted(group) if isinstance(group, dict) else None
        raise ValueError(
            f"A page asks for `{query}`, but there is no {name!r} in the results. "
            f"There: {found}"
        )
    return group[name]


def _renamed(text):
    name, _, shown = text.strip().partition(" as ")
    return name, shown or name
