import json
import pathlib

import pytest
import rich.table

from tfcompress.export.export_choice import ExportChoice
from tfcompress.export.variant import Variant
from tfcompress.export.variant_table import cells, faults, markdown, rich_table, text

WHOLE = Variant(None, bytes=4000, max_error=0.0, accuracy=0.98, microseconds=20.0)
SMALL = Variant("int8", bytes=1000, max_error=0.012, accuracy=0.975, microseconds=5.0)
WRONG = Variant("int2", fault="'output_0' is NaN " + "and more " * 20 + "[so]")


@pytest.fixture
def choice():
    return ExportChoice(
        path=pathlib.Path("folder/m.tflite"),
        bytes=1000,
        max_error=0.012,
        quantize="int8",
        goal="smallest",
        variants=(WHOLE, SMALL, WRONG),
        chosen=SMALL,
        model_accuracy=0.981,
    )


def test_cells_compare_each_variant_with_the_first(choice):
    assert cells(choice) == [
        ["float32", "4,000", "1.00x", "20.0", "1.00x", "0", "98.00%"],
        ["int8 *", "1,000", "4.00x", "5.0", "4.00x", "0.012", "97.50%"],
        ["int2", "-", "-", "-", "-", "-", "-"],
    ]


def test_every_fault_is_named(choice):
    assert faults(choice) == [
        "Accuracy of the Keras model: 98.10%.",
        f"int2: {WRONG.fault}",
    ]


def test_text_fits_80_columns_and_cuts_nothing(choice):
    lines = text(choice).splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(text(choice).split()).endswith(" ".join(WRONG.fault.split()))


def test_long_names_and_numbers_are_not_cut():
    options = {"max_error": 1.25e-06, "accuracy": 1.0}
    whole = Variant(None, bytes=23_456_789, microseconds=36.0, **options)
    slow = {"bytes": 12_345_678, "microseconds": 30_000.0, "compact": True}
    small = Variant("float16", sparse=True, **slow, **options)
    fields = {"bytes": 1, "max_error": 0.0, "goal": "smallest", "chosen": small}
    wide = ExportChoice(path=pathlib.Path("m"), variants=(whole, small), **fields)
    words = text(wide).split()
    assert max(map(len, text(wide).splitlines())) <= 80
    assert {word for row in cells(wide) for cell in row for word in cell.split()} <= {
        *words
    }
    assert {"Variant", "Faster", "Accuracy", "0.0012x", "30,000"} <= {*words}


def test_markdown_is_a_table(choice):
    assert markdown(choice).splitlines()[:5] == [
        "m.tflite: smallest is int8 (*)",
        "",
        "| Variant | Bytes | Smaller | us | Faster | Error | Accuracy |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| float32 | 4,000 | 1.00x | 20.0 | 1.00x | 0 | 98.00% |",
    ]


def test_rich_prints_a_table(choice):
    assert isinstance(rich_table(choice), rich.table.Table)
    assert isinstance(choice.__rich__(), rich.table.Table)


def test_json_holds_all(choice, tmp_path):
    found = json.loads(choice.to_json(tmp_path / "c.json"))
    assert [v["bytes"] for v in found["variants"]] == [4000, 1000, None]
    assert found["path"] == str(choice.path)
    assert json.loads((tmp_path / "c.json").read_text()) == found


def test_a_notebook_prints_the_same_text(choice, in_notebook):
    assert "4,000" in text(choice)
