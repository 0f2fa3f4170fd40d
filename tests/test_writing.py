import contextlib
import os

import pytest

from tfcompress.writing import (
    file_target,
    folder_path,
    folder_target,
    picture_target,
    replace,
    size_on_disk,
    whole_file,
    workshop,
    write_text,
)


def test_a_new_file_or_folder_may_be_written(tmp_path):
    assert file_target(str(tmp_path / "a.tflite"), ".tflite") == tmp_path / "a.tflite"
    assert folder_target(tmp_path / "a") == tmp_path / "a"


def test_an_empty_folder_or_a_saved_model_may_be_replaced(tmp_path):
    assert folder_target(tmp_path) == tmp_path
    (tmp_path / "saved_model.pb").touch()
    assert folder_target(tmp_path) == tmp_path


def test_a_workshop_is_gone_afterwards(tmp_path):
    def work():
        with workshop(tmp_path / "a.tflite") as folder:
            (folder / "half").touch()
            assert folder.parent == tmp_path
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert not any(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    match = r"`path` must lie in a folder that can be written to \(Permission denied\)"
    with pytest.raises(ValueError, match=match), workshop(tmp_path / "a.tflite"):
        pass


def test_a_file_takes_the_place_of_a_file(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    new.write_text("new")
    replace(old, new)
    assert old.read_text() == "new"
    assert not new.exists()


def test_a_folder_takes_the_place_of_a_folder(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").touch()
    with workshop(path) as folder:
        (folder / "made").mkdir()
        (folder / "made" / "new").touch()
        replace(path, folder / "made")
    assert [file.name for file in path.iterdir()] == ["new"]
    assert [file.name for file in tmp_path.iterdir()] == ["model"]


def test_the_old_folder_comes_back_if_the_new_one_cannot_come(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").touch()
    with pytest.raises(FileNotFoundError), workshop(path) as folder:
        replace(path, folder / "never made")
    assert [file.name for file in path.iterdir()] == ["old"]


def test_text_is_written(tmp_path):
    path = write_text(tmp_path / "a.txt", "ß")
    assert path.read_text(encoding="utf-8") == "ß"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_after_an_error_the_old_file_is_there_and_nothing_else(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")

    with contextlib.suppress(LookupError), whole_file(path) as draft:
        draft.write_text("half of the new")
        raise LookupError

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_draft_keeps_the_ending_that_tells_the_format(tmp_path):
    with whole_file(tmp_path / "a.png") as draft:
        assert draft.suffix == ".png"
        draft.touch()


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"There is no folder .*nowhere"):
        write_text(tmp_path / "nowhere" / "a.txt", "")


def test_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="`path` must name a file"):
        write_text(tmp_path, "")


def test_folder_may_be_there_or_be_made(tmp_path):
    assert folder_path("log_dir", str(tmp_path)) == tmp_path
    assert folder_path("log_dir", tmp_path / "a" / "b") == tmp_path / "a" / "b"


def test_folder_that_is_a_file_or_below_one_is_refused(tmp_path):
    (tmp_path / "a").touch()
    for path in (tmp_path / "a", tmp_path / "a" / "b" / "c"):
        with pytest.raises(ValueError, match=r"`log_dir` must be a folder, and '.*/a'"):
            folder_path("log_dir", path)
    with pytest.raises(TypeError, match="`log_dir` must be a path"):
        folder_path("log_dir", 3)


def test_picture_has_the_ending_of_one(tmp_path):
    assert picture_target(tmp_path / "a.PNG") == tmp_path / "a.PNG"
    for name in ("a", "a.tflite"):
        with pytest.raises(ValueError, match="`path` must end in one of .*png"):
            picture_target(tmp_path / name)


def test_target_is_named_as_the_user_names_it(tmp_path):
    with pytest.raises(ValueError, match="`to` must name a file"):
        file_target(tmp_path, name="to")


def test_read_only_folder_is_refused(tmp_path):
    (tmp_path / "kept").mkdir(0o555)
    for path in (tmp_path / "kept", tmp_path / "kept" / "a"):
        with pytest.raises(ValueError, match="`folder` must not be read-only"):
            folder_path("folder", path)


def test_a_folder_is_as_large_as_all_its_files(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "one").write_bytes(b"12345")
    (tmp_path / "inner" / "two").write_bytes(b"123")
    assert size_on_disk(tmp_path) == 8
    assert size_on_disk(tmp_path / "one") == 5
