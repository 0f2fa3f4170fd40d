import pytest

from tfcompress.packing.archive_error import ArchiveError
from tfcompress.packing.contents import Contents, Tensor

WEIGHT = ["layers/dense/vars/0", "<f4", [2, 3]]


def contents(tensors=(WEIGHT,), **changes):
    content = {
        "keras": "3",
        "config": {},
        "tensors": [*tensors],
        "files": [],
        "groups": [],
    }
    return Contents.from_json({**content, **changes})


def test_it_comes_back_from_json():
    noted = [*WEIGHT[:2], [4], {"dtype": "bfloat16"}]
    noted[0] = "layers/other/vars/0"
    found = contents([WEIGHT, noted], files=[["assets/words.txt", 7]])
    assert found.bytes == 24 + 16 + 7
    again = found.to_json()
    assert again["tensors"] == [WEIGHT, noted]
    assert Contents.from_json({**again, "files": [["assets/words.txt", 7]]}) == found


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        ["a", "<f4"],
        ["a", "<f4", [1], {}, 2],
        ["a", "O", [1]],
        ["a", "<U4", [1]],
        ["a", "<f3", [1]],
        ["a", "|V0", [1]],
        ["a", "|V99", [1]],
        ["a", ">f4", [1]],
        ["a", 4, [1]],
        ["a", "<f4", [-1]],
        ["a", "<f4", [1.5]],
        ["a", "<f4", [True]],
        ["a", "<f4", 3],
        ["a", "<f4", [0, 2**61]],
        ["a", "<f4", [2**40, 2**40]],
        ["a", "<f4", [1] * 33],
        ["a", "<f4", [1], {"dtype": 3}],
        ["a", "<f4", [1], [1]],
    ],
)
def test_a_weight_that_cannot_be_is_refused(entry):
    with pytest.raises(ArchiveError):
        Tensor.from_json(entry)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "..",
        "a/../b",
        "a/./b",
        "a\\b",
        "c:a",
        "a\0",
        3,
        "a" * 3000,
    ],
)
def test_a_path_out_of_its_folder_is_refused(path):
    with pytest.raises(ArchiveError, match="has the path"):
        Tensor.from_json([path, "<f4", [1]])
    with pytest.raises(ArchiveError, match="has the path"):
        contents(files=[[path, 1]])


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "a/b"), ("a/b/c", "a/b")])
def test_two_weights_in_one_place_are_refused(paths):
    with pytest.raises(ArchiveError, match="names a place twice"):
        contents([[path, "<f4", [1]] for path in paths])


@pytest.mark.parametrize(
    "changes",
    [
        {"config": None},
        {"keras": 3},
        {"files": None},
        {"groups": None},
        {"groups": ["../a"]},
        {"groups": [WEIGHT[0]]},
        {"files": [["a"]]},
        {"files": [["assets/a", -1]]},
        {"files": [["config.json", 1]]},
    ],
)
def test_a_head_that_does_not_say_all_is_refused(changes):
    with pytest.raises(ArchiveError):
        contents(**changes)


def test_weights_that_are_no_list_are_refused():
    content = {"keras": "3", "config": {}, "tensors": {}, "files": [], "groups": []}
    with pytest.raises(ArchiveError, match="which weights it holds"):
        Contents.from_json(content)


def test_a_head_that_is_a_list_is_refused():
    with pytest.raises(ArchiveError, match="does not say what it holds"):
        Contents.from_json([1])
