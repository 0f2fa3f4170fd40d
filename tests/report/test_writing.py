import os

import pytest

from tfcompress.report.writing import whole_file, write_text


def test_text_is_written(tmp_path):
    path = write_text(tmp_path / "a.txt", "ß")
    assert path.read_text(encoding="utf-8") == "ß"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_after_an_error_the_old_file_is_there_and_nothing_else(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")

    with pytest.raises(LookupError), whole_file(path) as draft:
        draft.write_text("half of the new: {rest}".format_map({}))

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_draft_keeps_the_ending_that_tells_the_format(tmp_path):
    with whole_file(tmp_path / "a.png") as draft:
        assert draft.suffix == ".png"
        draft.touch()


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*nowhere"):
        write_text(tmp_path / "nowhere" / "a.txt", "")


def test_folder_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError, match="give the name of a file"):
        write_text(tmp_path, "")
