import json

import pytest

from tfcompress.recipes.front import Front
from tfcompress.recipes.stage import Stage

HALF = Stage(channels=0.5, epochs=0.5)


def test_json_has_all_of_it():
    front = Front([HALF, HALF], "int8", alpha=0.25, about="two halves")
    assert Front.from_json(front.to_json()) == front
    assert json.loads(front.to_json())["stages"][0]["channels"] == 0.5


def test_shares_of_the_epochs_are_all_of_them():
    with pytest.raises(ValueError, match=r"of the sum 1\. Received: stages=\[0\.5\]"):
        Front([HALF])


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        pytest.param("[" * 100_000, id="deep"),
        '{"tfcompress_front": 2, "stages": []}',
        '{"tfcompress_front": 1}',
        '{"tfcompress_front": 1, "stages": [{"channels": 0.5, "prune": 1}]}',
        '{"tfcompress_front": 1, "stages": ["half"]}',
    ],
)
def test_what_is_no_recipe_is_refused(text):
    with pytest.raises(ValueError, match="`text` must"):
        Front.from_json(text)
