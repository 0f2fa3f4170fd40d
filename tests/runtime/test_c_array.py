import re

import pytest

from tfcompress.runtime.c_array import write_c_array


@pytest.mark.parametrize("suffix", ["h", "c", "cc"])
def test_the_array_is_the_file(double, suffix):
    to = write_c_array(double, double.with_suffix(f".{suffix}"), name="my_model")
    text = to.read_text()
    content = bytes(int(byte, 16) for byte in re.findall(r"0x(\w\w),", text))
    assert content == double.read_bytes()
    assert "alignas(16) const unsigned char my_model[] = {" in text
    assert f"my_model_length = {len(content)};" in text


@pytest.mark.parametrize(
    ("to", "name", "match"),
    [
        ("m.txt", "model", "`to` must be one of '.h'"),
        ("m.h", "2b", "`name` must be an identifier"),
        ("m.h", "größe", "`name` must be an identifier"),
        ("none/m.h", "model", "must lie in a folder"),
    ],
)
def test_what_is_no_source_is_refused(double, tmp_path, to, name, match):
    with pytest.raises(ValueError, match=match):
        write_c_array(double, tmp_path / to, name=name)
