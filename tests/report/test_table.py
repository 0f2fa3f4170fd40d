import pytest

from tfcompress.report.layer_report import LayerReport
from tfcompress.report.report import Report
from tfcompress.report.table import markdown, text

BEFORE = Report(
    "before",
    (
        LayerReport("a", "Dense", 1000, nonzero=1000, stored_bits=32000, macs=900),
        LayerReport("gone", "Dense", 100, nonzero=100, stored_bits=3200, macs=90),
    ),
)
AFTER = Report(
    "after",
    (
        LayerReport("a", "HashedDense", 125, nonzero=25, stored_bits=4000, macs=900),
        LayerReport("new", "Mystery", 10, nonzero=10, stored_bits=320, macs=None),
    ),
    baseline=BEFORE,
)


def test_markdown_is_a_table():
    assert markdown(BEFORE).splitlines() == [
        "**before**",
        "",
        "| Layer | Type | Parameters | Zeros | Bytes | MACs |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        "| a | Dense | 1,000 | 0.0% | 4,000 | 900 |",
        "| gone | Dense | 100 | 0.0% | 400 | 90 |",
        "| **Total** |  | **1,100** | **0.0%** | **4,400** | **990** |",
    ]


@pytest.mark.parametrize("name", ["short", "a_very_long_layer_name/" * 6])
def test_text_fits_80_columns_and_cuts_nothing(name):
    row = LayerReport(name, "Dense", 10**9, 10**9, stored_bits=32 * 10**9, macs=10**12)
    lines = text(Report("big", (row,), baseline=Report("big", (row,)))).splitlines()

    assert max(map(len, lines)) <= 80
    names = "".join(line[:30].strip().split(" ")[0] for line in lines)
    assert name in names
    assert "…" not in "".join(lines)


def test_what_stands_in_brackets_is_no_markup():
    row = LayerReport("[red]", "Dense", 1, 1, stored_bits=32, macs=1)
    assert "[red]" in text(Report("[bold]", (row,)))
    assert "[bold]" in text(Report("[bold]", (row,)))


def test_the_type_has_no_room_in_text_and_has_in_markdown():
    assert "HashedDense" not in text(AFTER)
    assert "HashedDense" in markdown(AFTER)


def test_a_notebook_prints_the_same_text(in_notebook):
    assert "1,100" in text(BEFORE)
