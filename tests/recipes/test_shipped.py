import pytest

from tfcompress.recipes.front import Front
from tfcompress.recipes.shipped import NAMES, load
from tfcompress.recipes.stage import Stage


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_its_recipe(name):
    front = load(name)
    assert front.about.endswith(".")
    assert Front.from_json(front.to_json()) == front


def test_a_file_of_your_own(tmp_path):
    mine = Front([Stage(channels=0.25)], quantize=None)
    path = tmp_path / "mine.json"
    path.write_text(mine.to_json())
    assert load(path) == mine == load(str(path))


def test_other_names_are_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'convolutional'.*Received: recipe='cnn'"):
        load("cnn")


def test_a_file_that_is_no_text_is_refused_as_the_user_names_it(tmp_path):
    (tmp_path / "mine.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="`recipe` must be a file of text"):
        load(tmp_path / "mine.json")
