import dataclasses
import pathlib

import pytest

from tfcompress.export.result import ExportResult


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "m.tflite: 1,234 bytes; greatest error 0.00012"),
        (
            {"quantize": "int8", "sparse": True, "batch_size": 1},
            "m.tflite: 1,234 bytes, int8, sparse, batch of 1; greatest error 0.00012",
        ),
    ],
)
def test_it_prints_one_line(options, text):
    assert (
        str(ExportResult(pathlib.Path("m.tflite"), 1234, 0.000123, **options)) == text
    )


def test_it_does_not_change():
    result = ExportResult(pathlib.Path("m.tflite"), 1, 0.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.bytes = 0
