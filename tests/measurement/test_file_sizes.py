import pathlib

import pytest

from tfcompress.measurement.file_sizes import FileSize, FileSizes
from tfcompress.measurement.written_file import WrittenFile


@pytest.fixture
def sizes(tmp_path):
    for name, size in (("ours", 100), ("theirs", 250)):
        (tmp_path / name).write_bytes(b"x" * size)
    ours = {
        "packed": WrittenFile(tmp_path / "ours", 0.0),
        ".tflite": WrittenFile(tmp_path / "none", failure="cannot be"),
    }
    theirs = {
        "packed": WrittenFile(tmp_path / "theirs", 0.0),
        ".tflite": WrittenFile(tmp_path / "theirs", 0.0),
    }
    return FileSizes.of(ours, theirs)


def test_bytes_are_those_of_the_disk(sizes):
    packed = sizes["packed"]
    assert packed == FileSize("packed", 100, 0.0, baseline_bytes=250)
    assert packed.times_smaller == 2.5
    assert sizes.scalars() == {"bytes_packed": 100}


def test_file_that_is_not_there_has_its_reason_under_the_table(sizes):
    (grid,) = sizes.grids()
    assert grid.rows == [
        ["packed", "100", "250", "2.5x", "0", ""],
        [".tflite", "?", "250", "?", "", ""],
    ]
    assert sizes.remarks()[0] == "No .tflite: cannot be"


def test_without_a_baseline_nothing_is_smaller(tmp_path):
    file = WrittenFile(pathlib.Path(__file__), 0.5)
    alone = FileSizes.of({".keras": file})
    assert alone[".keras"].times_smaller is None
    assert alone.grids()[0].rows[0][2:] == ["?", "?", "0.5", ""]
    assert alone.figure() is not None
