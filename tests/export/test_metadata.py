import json

import pytest

from tfcompress.conversion.recipe import Recipe
from tfcompress.export.metadata import plain_metadata
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.low_rank import LowRank
from tfcompress.runtime.tflite_model import TFLiteModel

RECIPE = Recipe({"dense*": LowRank(rank=4)})


def test_a_recipe_is_written_as_its_data():
    plain = plain_metadata({"recipe": RECIPE, "labels": ["a"]})
    assert Recipe.from_json(json.dumps(plain["recipe"])) == RECIPE
    assert plain["labels"] == ["a"]


def test_none_is_none():
    assert plain_metadata(None) is None


def test_the_file_carries_them_and_is_checked_with_them(pair, tmp_path):
    metadata = {"labels": ["no", "yes"], "normalization": "divide by 255"}
    result = to_tflite(pair, tmp_path / "m.tflite", metadata=metadata)
    assert TFLiteModel(result.path).metadata == metadata
    assert result.bytes == result.path.stat().st_size


@pytest.mark.parametrize(
    ("metadata", "match"),
    [
        ({}, "hold something, or be None"),
        ({"x": object()}, "hold only numbers.*object is none of these"),
        ({"x": float("nan")}, "hold only numbers"),
        ({"labels": "abc"}, "strings of one line as `labels`"),
        ({"labels": ["a\nb"]}, "strings of one line as `labels`"),
        ({"labels": [1]}, "strings of one line as `labels`"),
    ],
)
def test_what_json_cannot_hold_is_refused(metadata, match):
    with pytest.raises(ValueError, match=f"`metadata` must .*{match}"):
        plain_metadata(metadata)


def test_it_must_be_a_dictionary():
    with pytest.raises(TypeError, match="`metadata` must be a dictionary"):
        plain_metadata("labels")
