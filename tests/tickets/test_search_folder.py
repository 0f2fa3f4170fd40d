import json

import numpy as np
import pytest
from searching import model_fn

from tfcompress.masks import Masks
from tfcompress.tickets.search_folder import SearchFolder
from tfcompress.tickets.trained_ticket import TrainedTicket

ONE = TrainedTicket(0, "ticket", 1.0, 4, {"loss": 1.0}, {"loss": 2.0})
SETTINGS = {"rounds": 2, "which": None}


@pytest.fixture
def model():
    return model_fn()


def test_what_was_noted_is_there_again(tmp_path, model):
    folder = SearchFolder(tmp_path / "new", SETTINGS, model)
    arrays = [np.arange(i + 1) for i in range(12)]  # more than nine: the order matters
    masks = Masks({"a": np.array([True, False])})
    folder.save("weights", arrays)
    folder.save_masks(1, masks)
    folder.add(ONE)
    again = SearchFolder(tmp_path / "new", SETTINGS, model)
    assert again.trained == [ONE]
    assert again.load_masks(1) == masks
    for loaded, array in zip(again.load("weights"), arrays, strict=True):
        np.testing.assert_array_equal(loaded, array)


def test_without_a_path_nothing_is_written(tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    folder = SearchFolder(None, SETTINGS, model)
    folder.save("weights", [np.ones(2)])
    folder.add(ONE)
    assert folder.trained == [ONE]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            lambda content: (
                {"format": 2} | {k: content[k] for k in content if k != "format"}
            ),
            "by this version",
        ),
        (lambda content: {}, "be that of a search for tickets"),
        (lambda content: [], "be that of a search for tickets"),
        (lambda content: {**content, "model": {}}, "the same model and first weights"),
        (lambda content: {**content, "settings": {}}, "same arguments: rounds=None"),
    ],
)
def test_folder_of_something_else_is_refused(tmp_path, model, change, match):
    SearchFolder(tmp_path, SETTINGS, model).add(ONE)
    record = tmp_path / "search.json"
    record.write_text(json.dumps(change(json.loads(record.read_text()))))
    with pytest.raises(ValueError, match=match):
        SearchFolder(tmp_path, SETTINGS, model)


def test_first_weights_tell_models_of_one_structure_apart(tmp_path, model):
    SearchFolder(tmp_path, SETTINGS, model).add(ONE)
    with pytest.raises(ValueError, match="the same model and first weights"):
        SearchFolder(tmp_path, SETTINGS, model_fn())


def test_broken_files_are_named(tmp_path, model):
    folder = SearchFolder(tmp_path, SETTINGS, model)
    (tmp_path / "weights.npz").write_bytes(b"cut off")
    for name in ("weights", "missing"):
        with pytest.raises(ValueError, match=f"`folder` must hold a whole {name}.npz"):
            folder.load(name)
