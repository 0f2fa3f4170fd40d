from tfcompress.packing.archive_error import ArchiveError


def test_it_is_a_value_error():
    assert issubclass(ArchiveError, ValueError)
