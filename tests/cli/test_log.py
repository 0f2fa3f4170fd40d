import os

import pytest

from tfcompress.cli.log import errors_to


def test_what_is_written_below_python_is_in_the_file(tmp_path, capfd):
    with errors_to(tmp_path / "log.txt"):
        os.write(2, b"from C++\n")
    os.write(2, b"afterwards\n")

    assert (tmp_path / "log.txt").read_text() == "from C++\n"
    assert capfd.readouterr().err == "afterwards\n"


def test_stream_is_back_after_an_error(tmp_path, capfd):
    with pytest.raises(LookupError), errors_to(tmp_path / "log.txt"):
        raise LookupError
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"
