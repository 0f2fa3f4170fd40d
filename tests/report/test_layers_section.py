from tfcompress.report.layer_report import LayerReport
from tfcompress.report.layers_section import LayersSection
from tfcompress.report.report import Report

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
ERRORS = {"a": 0.5, "b": 0.75, "c": None}


def test_cells_are_the_numbers_of_the_rows():
    (grid,) = LayersSection(AFTER).grids()
    assert grid.head == [
        "Layer",
        "Type",
        "Parameters",
        "Zeros",
        "Bytes",
        "MACs",
        "Smaller",
    ]
    assert grid.rows == [
        ["a", "HashedDense", "125", "80.0%", "500", "900", "8.0x"],
        ["new", "Mystery", "10", "0.0%", "40", "?", "?"],
    ]
    assert grid.foot == ["Total", "", "135", "74.1%", "540", "≥ 900", "8.1x"]


def test_remarks_say_what_the_table_cannot():
    assert LayersSection(AFTER).remarks() == [
        "MACs are not known of new.",
        "Against the baseline: 8.1x fewer bytes, 8.1x fewer parameters, ? fewer MACs.",
    ]


def test_zeros_that_are_all_that_is_new_are_said_to_be_stored():
    row = LayerReport("a", "Dense", 1000, nonzero=100, stored_bits=32000, macs=900)
    before = Report("before", BEFORE.rows[:1])
    said, hint = LayersSection(Report("it", (row,), baseline=before)).remarks()
    assert said == (
        "Against the baseline: as many bytes, as many parameters, as many MACs."
    )
    assert "The zeros are stored" in hint
    assert len(LayersSection(Report("it", before.rows, baseline=before)).remarks()) == 1


def test_the_greatest_error_of_the_start_is_said():
    rows = [LayerReport(n, "HashedDense", 8, 8, 256, 8, e) for n, e in ERRORS.items()]
    assert LayersSection(Report("it", tuple(rows))).remarks() == [
        "Error of the start from trained weights, relative to them: at most 75.0% (b)."
    ]


def test_scalars_are_the_totals():
    assert LayersSection(BEFORE).scalars() == {
        "parameters": 1100,
        "sparsity": 0,
        "stored_bits": 35200,
        "macs": 990,
    }
