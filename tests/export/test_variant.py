import pytest

from tfcompress.export.variant import Variant


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"quantize": None}, "float32"),
        ({"quantize": "int8", "sparse": True}, "int8, sparse"),
        ({"quantize": None, "compact": True}, "float32, compact"),
    ],
)
def test_its_name_tells_all_choices(options, name):
    assert Variant(**options).name == name
