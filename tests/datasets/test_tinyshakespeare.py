import pytest

from tfcompress.datasets.tinyshakespeare import FILE, tinyshakespeare


def test_the_text_is_returned_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / FILE).write_text("First Citizen:\nSpeak.\n")

    assert tinyshakespeare() == "First Citizen:\nSpeak.\n"


def test_missing_file_is_named_with_its_source(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"{FILE} does not exist.*char-rnn"):
        tinyshakespeare()
