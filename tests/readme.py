"""Writes the table of README.md anew, from the results that it quotes.

python tests/readme.py
"""

import json
import pathlib

ROOT = pathlib.Path(__file__).parents[1]
RESULT = ROOT / "docs" / "results" / "peers.json"
BEGIN, END = "<!-- peers -->\n", "<!-- /peers -->\n"
COLUMNS = ("accuracy", "bytes", "times smaller", "times faster")


def table(result: dict) -> str:
    """Returns the Markdown table of the first task of `peers`."""
    [rows, *_] = result["figures"].values()
    head = ["", "accuracy %", *COLUMNS[1:]]
    lines = [head, ["---", *["---:"] * len(COLUMNS)]]
    for name, row in rows.items():
        cells = [f"{row[column]:,}" if column in row else "" for column in COLUMNS]
        ours = name.startswith("ours")
        cells = [f"**{cell}**" if ours and cell else cell for cell in cells]
        lines.append([f"**{name}**" if ours else name, *cells])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def with_table(text: str, result: dict) -> str:
    """Returns `text` with the table in its place."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(result)}\n{END}{after}"


if __name__ == "__main__":
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    path.write_text(with_table(text, result), encoding="utf-8")
