import pytest

from tfcompress.report.layer_report import LayerReport
from tfcompress.report.report import Report
from tfcompress.report.table import cells, markdown, remarks, text

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
    accuracy=0.975,
)

ERRORS = {"a": 0.5, "b": 0.75, "c": None}


def test_cells_are_the_numbers_of_the_rows():
    assert cells(AFTER) == [
        ["Layer", "Type", "Parameters", "Zeros", "Bytes", "MACs", "Smaller"],
        ["a", "HashedDense", "125", "80.0%", "500", "900", "8.0x"],
        ["new", "Mystery", "10", "0.0%", "40", "?", "?"],
        ["Total", "", "135", "74.1%", "540", "≥ 900", "8.1x"],
    ]


def test_remarks_say_what_the_table_cannot():
    assert remarks(AFTER) == [
        "MACs are not known of new.",
        "Against the baseline: 8.1x fewer bytes, 8.1x fewer parameters, ? fewer MACs.",
        "Accuracy: 97.50%.",
    ]


def test_markdown_is_a_table():
    assert markdown(BEFORE).splitlines() == [
        "**before**",
        "",
        "| Layer | Type | Parameters | Zeros | Bytes | MACs |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        "| a | Dense | 1,000 | 0.0% | 4,000 | 900 |",
        "| gone | Dense | 100 | 0.0% | 400 | 90 |",
        "| **Total** |  | **1,100** | **0.0%** | **4,400** | **990** |",
        "",
    ]


@pytest.mark.parametrize("name", ["short", "a_very_long_layer_name/" * 6])
def test_text_fits_80_columns_and_cuts_nothing(name):
    row = LayerReport(name, "Dense", 10**9, 10**9, stored_bits=32 * 10**9, macs=10**12)
    lines = text(Report("big", (row,), baseline=Report("big", (row,)))).splitlines()

    assert max(map(len, lines)) <= 80
    names = "".join(line[:30].strip().split(" ")[0] for line in lines)
    assert name in names
    assert "…" not in "".join(lines)


def test_the_greatest_error_of_the_start_is_said():
    rows = [LayerReport(n, "HashedDense", 8, 8, 256, 8, e) for n, e in ERRORS.items()]
    assert remarks(Report("it", tuple(rows))) == [
        "Error of the start from trained weights, relative to them: at most 75.0% (b)."
    ]
