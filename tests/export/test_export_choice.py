import pathlib

from tfcompress.export.export_choice import ExportChoice
from tfcompress.export.variant import Variant
from tfcompress.export.variant_table import markdown, text

ONLY = Variant(None, bytes=10, max_error=0.0, microseconds=1.0)
CHOICE = ExportChoice(
    path=pathlib.Path("m.tflite"),
    bytes=10,
    max_error=0.0,
    goal="fastest",
    variants=(ONLY,),
    chosen=ONLY,
)


def test_it_is_printed_as_its_table():
    assert str(CHOICE) == text(CHOICE)
    assert CHOICE.to_markdown() == markdown(CHOICE)


def test_it_is_a_result_like_any_other():
    assert (CHOICE.bytes, CHOICE.quantize, CHOICE.sparse) == (10, None, False)
