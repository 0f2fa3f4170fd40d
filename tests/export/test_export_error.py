import pytest

from tfcompress.export.export_error import ExportError


def test_it_is_caught_as_a_value_error():
    with pytest.raises(ValueError, match="why"):
        raise ExportError("why")
