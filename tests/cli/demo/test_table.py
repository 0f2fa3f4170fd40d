import io

import pytest
from rich.console import Console

from tfcompress.cli.demo.recipes import RECIPES
from tfcompress.cli.demo.row import Row
from tfcompress.cli.demo.table import markdown, table

ROWS = [
    Row("float32", "Itself.", "a.tflite", 0.98, 1_200_000, 1e-7, 1.0, 20.0, 1.0),
    Row("int8", "In 8 bits.", "b.tflite", 0.975, 300_000, 0.02, 0.25, 5.0, 4.0),
    Row("broken", "Breaks.", failure="ValueError: no luck"),
]


def test_markdown_has_the_figures_and_the_reasons():
    lines = markdown(ROWS, "digits", "tfcompress demo").splitlines()
    assert "| int8 | 97.50% | 300,000 | 4.0x | 0.25 | 0.02 |" in lines
    assert "| broken | failed |  |  |  |  |" in lines
    assert "- int8: In 8 bits." in lines
    assert "- broken: ValueError: no luck" in lines
    assert any("`tfcompress demo`" in line for line in lines)


@pytest.mark.parametrize("method", [*RECIPES, "a method with quite a long name " * 3])
def test_table_fits_80_columns_and_cuts_nothing(method):
    row = Row(method, "", "a.tflite", 1.0, 123_456_789, 1e-7, 100.25, 1e6, 1234.5)
    console = Console(file=io.StringIO(), width=80)

    console.print(table([row], "title"))

    shown = console.file.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    for cell in ("100.00%", "123,456,789", "1234.5x", "100.25", "1e-07"):
        assert cell in shown
