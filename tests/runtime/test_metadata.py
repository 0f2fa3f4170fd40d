import zipfile

import numpy as np
import pytest

from tfcompress.runtime.metadata import LABELS, NAME, append_metadata, read_metadata
from tfcompress.runtime.tflite_model import TFLiteModel


def test_a_file_says_what_was_written_into_it(double):
    metadata = {"labels": ["zero", "one"], "normalization": {"scale": 1 / 255}}
    append_metadata(double, metadata)
    assert TFLiteModel(double).metadata == metadata


def test_the_file_still_runs(double):
    append_metadata(double, {"labels": ["a"]})
    np.testing.assert_array_equal(TFLiteModel(double).predict([[1.0, 2]]), [[2, 4]])


def test_other_tools_find_the_labels(double):
    append_metadata(double, {"labels": ["zero", "eins"]})
    with zipfile.ZipFile(double) as archive:
        assert archive.namelist() == [NAME, LABELS]
        assert archive.read(LABELS) == b"zero\neins\n"


def test_the_same_metadata_are_the_same_bytes(double):
    content = double.read_bytes()
    append_metadata(double, {"a": 1})
    first = double.read_bytes()
    double.write_bytes(content)
    append_metadata(double, {"a": 1})
    assert double.read_bytes() == first


def test_without_metadata_there_are_none(double):
    assert TFLiteModel(double).metadata == {}
    with zipfile.ZipFile(double, "a") as archive:
        archive.writestr("other.txt", "of another tool")
    assert read_metadata(double) == {}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("[1, 2]", "that are a mapping"),
        ("{", "cannot: Expecting property name"),
        (" " * ((1 << 24) + 1), "larger than 16,777,216 bytes"),
    ],
)
def test_what_is_no_metadata_is_refused(double, content, match):
    with zipfile.ZipFile(double, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, content)
    with pytest.raises(ValueError, match=match):
        read_metadata(double)


def test_damaged_metadata_are_refused(double):
    size = double.stat().st_size
    append_metadata(double, {"text": "a" * 99})
    content = bytearray(double.read_bytes())
    content[size + 50] ^= 255
    double.write_bytes(content)
    with pytest.raises(ValueError, match="metadata that can be read"):
        read_metadata(double)
